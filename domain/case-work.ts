import type { Action } from './action.ts';
import { isAcknowledgement } from './alert-steps.ts';
import { type Entries, withEntry } from './entries.ts';
import type { changeKinds, ShipmentException } from './exception.ts';
import {
  type ActionEvent,
  actionTransitions,
  type ExceptionEvent,
  exceptionTransitions,
  liveExceptionStates,
  pendingActionStates,
} from './lifecycle.ts';
import type { Rules } from './rules.ts';
import type { ShipmentCase } from './shipment-case.ts';
import type { EffectiveTerms } from './sla.ts';

/** What is being handled, as the versions that come of it will say. */
export interface Change {
  readonly by: (typeof changeKinds)[number];
  readonly ref: string | null;
}

/** One step at work: `case` is replaced by each change; what it was given stays as it was. */
export interface CaseWork {
  case: ShipmentCase;
  /** The case as it was before the step: a record that is another one than its own was made by this step. */
  readonly given: ShipmentCase;
  /** Event time of what is being handled. */
  readonly at: number;
  /** Log time. */
  readonly now: number;
  readonly change: Change;
  readonly rules: Rules;
  readonly terms: EffectiveTerms;
  /** Destinations whose receivers keep an alert open until they hear that it is over. */
  readonly keepsOpen: ReadonlySet<string>;
  readonly refusals: string[];
}

/** Entries with one more, or one replaced: copied with the first change of a step, changed in place with the others. */
const put = <T>(entries: Entries<T>, given: Entries<T>, id: string, entry: T): Entries<T> => {
  if (entries === given) return withEntry(entries, id, entry);
  (entries as Record<string, T>)[id] = entry;
  return entries;
};

export const putException = (work: CaseWork, exception: ShipmentException): void => {
  const { exceptions } = work.case;
  const changed = put(exceptions, work.given.exceptions, exception.id, exception);
  if (changed !== exceptions) work.case = { ...work.case, exceptions: changed };
};

export const putAction = (work: CaseWork, action: Action): void => {
  const { actions } = work.case;
  const changed = put(actions, work.given.actions, action.id, action);
  if (changed !== actions) work.case = { ...work.case, actions: changed };
};

export const actionsOf = ({ case: { actions } }: CaseWork, exceptionId: string): Action[] => {
  const own: Action[] = [];
  for (const id in actions) if (actions[id]!.exceptionId === exceptionId) own.push(actions[id]!);
  return own;
};

/** Applies one event of the action's life; true when it brought it into another state. */
export const moveAction = (
  work: CaseWork,
  action: Action,
  event: ActionEvent,
  change: Partial<Action> = {},
): boolean => {
  const next = actionTransitions[action.state][event];
  if (next === 'refuse') {
    work.refusals.push(`action ${action.id}: ${event} while ${action.state}`);
    return false;
  }
  if (next === 'stay') return false;
  putAction(work, { ...action, ...change, state: next });
  return true;
};

/** What has not left yet is not begun any more; but for what makes good what has. */
export const cancelPending = (work: CaseWork, exceptionId: string): void => {
  for (const action of actionsOf(work, exceptionId)) {
    const makesGood = (action.compensates ?? null) !== null && !isAcknowledgement(action);
    if (!makesGood && pendingActionStates.has(action.state)) moveAction(work, action, 'cancel');
  }
};

const stamped = (
  exception: ShipmentException,
  state: ShipmentException['state'],
  now: number,
): ShipmentException => {
  switch (state) {
    case 'open':
      return { ...exception, state, resolvedAt: null, reopenedAt: now };
    case 'acknowledged':
      return {
        ...exception,
        state,
        snoozedUntil: null,
        acknowledgedAt: exception.acknowledgedAt ?? now,
      };
    case 'mitigated':
      return { ...exception, state, mitigatedAt: exception.mitigatedAt ?? now };
    case 'snoozed':
      return { ...exception, state };
    case 'resolved':
      return { ...exception, state, snoozedUntil: null, resolvedAt: now };
    case 'closed':
      return { ...exception, state, resolvedAt: exception.resolvedAt ?? now, closedAt: now };
    case 'withdrawn':
      return { ...exception, state, withdrawnAt: now };
  }
};

/** Applies one event of the exception's life; whatever ends its work also cancels what is pending for it. */
export const moveException = (work: CaseWork, exception: ShipmentException, event: ExceptionEvent): void => {
  const next = exceptionTransitions[exception.state][event];
  if (next === 'refuse') {
    work.refusals.push(`exception ${exception.id}: ${event} while ${exception.state}`);
    return;
  }
  if (next === 'stay') return;
  putException(work, stamped(exception, next, work.now));
  if (!liveExceptionStates.has(next)) cancelPending(work, exception.id);
};
