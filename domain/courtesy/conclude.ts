import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import { entryOf } from '../shipment-case.ts';
import { type CustomerWork, type OpenDigest, without } from './customer-state.ts';
import { close } from './depart.ts';
import { coveringOnly } from './digest.ts';

/** What only the dispatcher says: then it has left, or could not. */
const foundOut: ReadonlySet<Action['state']> = new Set([
  'sent',
  'uncertain',
  'confirmed',
  'failed',
  'suppressed',
]);

const publishDigest = (work: CustomerWork, digest: OpenDigest, change: Partial<Dispatch>): void => {
  const { dispatch: before, open } = digest;
  const { now } = work;
  const dispatch: Dispatch = { ...before, ...change, version: before.version + 1, at: now, heardAt: now };
  work.departures.push({ dispatch, dayBudget: digest.dayBudget });
  const { digests } = work.state;
  const left =
    open.length === 0
      ? without(digests, dispatch.id)
      : { ...digests, [dispatch.id]: { ...digest, dispatch } };
  work.state = { ...work.state, digests: left };
};

/** A covered action has come to its end: taken out if it was withdrawn before the digest had left. */
const endCovered = (work: CustomerWork, digestId: string, action: Action): void => {
  const before = entryOf(work.state.digests, digestId);
  if (before === undefined) return;
  const open = before.open.filter((id) => id !== action.id);
  const ended = before.ended ?? (foundOut.has(action.state) ? action.state : null);
  const digest: OpenDigest = { ...before, open, ended };
  if (ended === null) {
    const { covers, facts } = coveringOnly(before.dispatch, (id) => id !== action.id);
    publishDigest(work, digest, open.length === 0 ? { state: 'cancelled' } : { covers, facts });
  } else if (open.length === 0) publishDigest(work, digest, { state: ended });
  else work.state = { ...work.state, digests: { ...work.state.digests, [digestId]: digest } };
};

/** It is not due any more: withdrawn, run out, or executed. Of what has not left, nothing leaves. */
export const conclude = (work: CustomerWork, action: Action): void => {
  const known = entryOf(work.state.pending, action.id);
  if (known === undefined) return;
  const hasLeft = known.dispatch.state === 'due' || known.digestId !== null;
  const isHeld = known.dispatch.state === 'proposed' && known.digestId === null;
  if (hasLeft && foundOut.has(action.state))
    work.state = { ...work.state, pending: without(work.state.pending, action.id) };
  else close(work, known, 'cancelled', null, isHeld && action.state === 'cancelled');
  if (known.digestId !== null) endCovered(work, known.digestId, action);
};
