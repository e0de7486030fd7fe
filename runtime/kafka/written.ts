import type { Outgoing } from './outgoing.ts';

/** Where the records of a transaction came to lie. */
export interface Written {
  /** Offsets by the place of the record in what was given; -1 of those that nothing is known of but that they lie before the end. */
  readonly offsets: readonly number[];
  /** Behind the last record in each partition, by `topic/partition`. */
  readonly ends: ReadonlyMap<string, number>;
}

/** What the reports say of the records that were reported, by their indices. */
export const writtenOf = (
  records: readonly Outgoing[],
  reported: readonly number[],
  offsetsOfReported: readonly number[],
): Written => {
  const offsets = Array.from({ length: records.length }, () => -1);
  const ends = new Map<string, number>();
  reported.forEach((index, nth) => {
    const { topic, partition } = records[index]!;
    const offset = offsetsOfReported[nth]!;
    offsets[index] = offset;
    // In the order of each partition: the last one counts.
    ends.set(`${topic}/${partition}`, offset + 1);
  });
  return { offsets, ends };
};
