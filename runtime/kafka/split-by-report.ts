import type { Outgoing } from './outgoing.ts';

/** Records by their indices, each list in order; who delivers `unreported` before `reported` keeps the order of every partition. */
export interface SplitByReport {
  readonly unreported: readonly number[];
  readonly reported: readonly number[];
}

/** So few are not worth a round trip of their own. */
const LEAST_UNREPORTED = 64;

/**
 * Of which records a producer must hear where they came to lie: those that want their offset known, the last of each partition, which says
 * where that ends, and what stands behind one of these in its partition.
 * Partition a: 1, 2, 3, b: 4 (wanted), 5 → unreported 1, 2 · reported 3, 4, 5.
 */
export const splitByReport = (
  records: readonly Outgoing[],
  leastUnreported = LEAST_UNREPORTED,
): SplitByReport => {
  const firsts = firstReported(records);
  const unreported: number[] = [];
  const reported: number[] = [];
  records.forEach(({ topic, partition }, index) => {
    (index < firsts.get(topic)![partition]! ? unreported : reported).push(index);
  });
  if (unreported.length >= leastUnreported) return { unreported, reported };
  return { unreported: [], reported: records.map((_, index) => index) };
};

/** By topic and partition the index of the first record that is to be reported. */
const firstReported = (records: readonly Outgoing[]): ReadonlyMap<string, readonly number[]> => {
  const firsts = new Map<string, number[]>();
  for (let index = records.length - 1; index >= 0; index--) {
    const { topic, partition, wantsOffset } = records[index]!;
    let ofTopic = firsts.get(topic);
    if (ofTopic === undefined) firsts.set(topic, (ofTopic = []));
    if (ofTopic[partition] === undefined || wantsOffset === true) ofTopic[partition] = index;
  }
  return firsts;
};
