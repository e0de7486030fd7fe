import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import type { CustomerWork, OpenDigest } from './customer-state.ts';
import { coveringOnly, speaksFor } from './digest.ts';
import { foundOut } from './kept.ts';
import { nextVersion } from './next-version.ts';
import { without } from './without.ts';

const keep = (work: CustomerWork, digest: OpenDigest): void => {
  const { digests } = work.state;
  const { id } = digest.dispatch;
  work.state = {
    ...work.state,
    digests: digest.open === 0 ? without(digests, id) : { ...digests, [id]: digest },
  };
};

const publishDigest = (work: CustomerWork, digest: OpenDigest, change: Partial<Dispatch>): void => {
  const dispatch = nextVersion(digest.dispatch, change, work.now);
  work.departures.push({ dispatch, dayBudget: digest.dayBudget });
  keep(work, { ...digest, dispatch, withdrawn: [], sayAt: null });
};

/** What of a digest's words changes by those that were withdrawn. */
const withoutWithdrawn = ({ dispatch, withdrawn }: OpenDigest): Partial<Dispatch> => {
  if (withdrawn.length === 0) return {};
  const gone = new Set(withdrawn);
  const { covers, facts } = coveringOnly(dispatch, (id) => !gone.has(id));
  return { covers, facts };
};

/** Its last version: what was found out about it, or else why nothing was. */
const endDigest = (work: CustomerWork, digest: OpenDigest, otherwise: 'cancelled' | 'expired'): void =>
  publishDigest(
    work,
    { ...digest, open: 0 },
    { ...withoutWithdrawn(digest), state: digest.ended ?? otherwise },
  );

/**
 * A digest says at once who was withdrawn from it, unless they are few of many: each version names all that are left,
 * and a storm that is over would write the square of its shipments. The outbox asks `actions` in any case.
 * 64 covered: each at once · 6,400 covered: a hundred at once, fewer after ten seconds.
 */
const FEW = 1 / 64;
const SAY_AFTER_MS = 10_000;

const withdraw = (work: CustomerWork, digest: OpenDigest, actionId: string): void => {
  const withdrawn = [...digest.withdrawn, actionId];
  const next = { ...digest, withdrawn, sayAt: digest.sayAt ?? work.now + SAY_AFTER_MS };
  if (withdrawn.length < digest.dispatch.covers.length * FEW) keep(work, next);
  else publishDigest(work, next, withoutWithdrawn(next));
};

/** A covered action has come to its end: taken out if it was withdrawn before the digest had left. */
export const endCovered = (work: CustomerWork, action: Action): void => {
  const before = Object.values(work.state.digests).find(({ dispatch }) => speaksFor(dispatch, action.id));
  if (before === undefined) return;
  const ended = before.ended ?? (foundOut.has(action.state) ? action.state : null);
  const digest: OpenDigest = { ...before, open: before.open - 1, ended };
  if (digest.open === 0) endDigest(work, digest, 'cancelled');
  else if (ended === null) withdraw(work, digest, action.id);
  else keep(work, digest);
};

/** Says what waits to be said, and lets go what nobody says the end of. */
export const wakeDigests = (work: CustomerWork): void => {
  for (const digest of Object.values(work.state.digests)) {
    if (digest.lapsesAt <= work.now) endDigest(work, digest, 'expired');
    else if ((digest.sayAt ?? Infinity) <= work.now) publishDigest(work, digest, withoutWithdrawn(digest));
  }
};
