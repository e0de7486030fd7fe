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
  keep(work, { ...digest, dispatch });
};

/** Its last version: what was found out about it; without that it is cancelled. */
export const endDigest = (work: CustomerWork, digest: OpenDigest): void =>
  publishDigest(work, { ...digest, open: 0 }, { state: digest.ended ?? 'cancelled' });

/** A covered action has come to its end: taken out if it was withdrawn before the digest had left. */
export const endCovered = (work: CustomerWork, action: Action): void => {
  const before = Object.values(work.state.digests).find(({ dispatch }) => speaksFor(dispatch, action.id));
  if (before === undefined) return;
  const ended = before.ended ?? (foundOut.has(action.state) ? action.state : null);
  const digest: OpenDigest = { ...before, open: before.open - 1, ended };
  if (digest.open === 0) endDigest(work, digest);
  else if (ended === null)
    publishDigest(
      work,
      digest,
      coveringOnly(before.dispatch, (id) => id !== action.id),
    );
  else keep(work, digest);
};
