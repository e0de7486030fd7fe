import type { Action } from '../action.ts';
import { entryOf } from '../shipment-case.ts';
import { stillSpent } from './budget.ts';
import { conclude } from './conclude.ts';
import type {
  CustomerContext,
  CustomerEvent,
  CustomerState,
  CustomerStep,
  CustomerWork,
} from './customer-state.ts';
import { arrive, departHeld, rewrite } from './depart.ts';

/** An action that nobody ever says the end of is let go after this time. */
const KEPT_MS = 30 * 86_400_000;

const onAction = (work: CustomerWork, action: Action): void => {
  const known = entryOf(work.state.pending, action.id);
  if (action.state !== 'due') conclude(work, action);
  else if (known === undefined) arrive(work, action);
  else rewrite(work, known, action);
};

const forgetOld = (work: CustomerWork): void => {
  for (const pending of Object.values(work.state.pending)) {
    if (pending.since + KEPT_MS > work.now) continue;
    conclude(work, { ...pending.dispatch, state: 'cancelled' });
  }
};

const wakeAtOf = ({ pending, windows, spent }: CustomerState): number | null => {
  let at = Infinity;
  for (const { dispatch, since, digestId } of Object.values(pending)) {
    const heldUntil = digestId === null ? dispatch.heldUntil : null;
    at = Math.min(at, since + KEPT_MS, heldUntil ?? Infinity);
  }
  for (const { until } of Object.values(windows)) at = Math.min(at, until);
  for (const { until } of Object.values(spent)) at = Math.min(at, until);
  return at === Infinity ? null : at;
};

/**
 * What one more thing heard of a customer's actions makes of them: which leave now, which are held through quiet
 * hours or for a digest, which do not leave at all. Pure: the same state, event and context give the same step.
 * Every action that was due once ends in one of: due, covered by a digest, suppressed, cancelled.
 */
export const advanceCourtesy = (
  state: CustomerState,
  event: CustomerEvent,
  context: CustomerContext,
): CustomerStep => {
  const spent = stillSpent(state.spent, context.now);
  const work: CustomerWork = { ...context, state: { ...state, spent }, departures: [] };
  departHeld(work);
  if (event.kind === 'action') onAction(work, event.action);
  else if (event.kind === 'directory') work.state = { ...work.state, contacts: event.directory.contacts };
  else forgetOld(work);
  return { state: work.state, departures: work.departures, wakeAt: wakeAtOf(work.state) };
};
