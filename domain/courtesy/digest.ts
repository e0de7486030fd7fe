import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import { stableId } from '../stable-id.ts';
import { audienceOf } from './audience.ts';

/** Messages of one cause that come within this time after the first leave together, as one. */
export const DIGEST_MS = 10 * 60_000;

/** Messages of one key may be told as one; null for what stands alone. */
export const digestKey = (action: Action): string | null => {
  const audience = audienceOf(action);
  const causeId = action.causeId ?? null;
  if (audience === null || causeId === null) return null;
  return JSON.stringify([causeId, audience, action.template, action.destination]);
};

/** The same customer, cause and window give the same id. */
export const digestIdOf = (first: Action, key: string, openedBy: string): string =>
  stableId('digest', first.customerId ?? first.shipmentId, key, openedBy);

const shipmentsOf = (members: readonly { readonly shipmentId: string }[]): number =>
  new Set(members.map(({ shipmentId }) => shipmentId)).size;

const coveredBy = new WeakMap<Dispatch['covers'], ReadonlySet<string>>();

/** Whether a digest covers an action; looked up, for a storm is asked as often as it has shipments. */
export const speaksFor = ({ covers }: Dispatch, actionId: string): boolean => {
  let ids = coveredBy.get(covers);
  if (ids === undefined) {
    ids = new Set(covers.map((one) => one.actionId));
    coveredBy.set(covers, ids);
  }
  return ids.has(actionId);
};

/** The digest as it speaks for those alone that `keeps` names. */
export const coveringOnly = (digest: Dispatch, keeps: (actionId: string) => boolean): Dispatch => {
  const covers = digest.covers.filter(({ actionId }) => keeps(actionId));
  return { ...digest, covers, facts: { ...digest.facts, shipments: shipmentsOf(covers) } };
};

/** What all of them say alike, and how many they are. */
const commonFacts = (members: readonly Dispatch[]): Action['facts'] => {
  const [first, ...others] = members;
  const alike = Object.entries(first?.facts ?? {}).filter(([name, value]) =>
    others.every(({ facts }) => facts[name] === value),
  );
  return {
    ...Object.fromEntries(alike),
    shipments: shipmentsOf(members),
  };
};

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)));

/**
 * One dispatch for several messages of a cause. It lies where its first one lies, costs what one costs, and expires
 * with the last: what expires before is withdrawn from it. `members` are two or more.
 */
export const digestOf = (id: string, members: readonly [Dispatch, ...Dispatch[]], now: number): Dispatch => ({
  ...members[0],
  id,
  version: 1,
  at: now,
  heardAt: now,
  state: 'due',
  dueAt: now,
  expiresAt: latest(members.map(({ expiresAt }) => expiresAt)),
  news: null,
  mandatory: members.some(({ mandatory }) => mandatory),
  compensates: null,
  facts: commonFacts(members),
  thread: stableId('thread', members[0].customerId ?? members[0].shipmentId, members[0].causeId),
  covers: members.map(({ id: actionId, shipmentId, exceptionId, facts }) => ({
    actionId,
    shipmentId,
    exceptionId,
    facts,
  })),
  heldUntil: null,
  heldBecause: null,
  suppressedBecause: null,
});
