import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outgoing } from '../../../runtime/kafka/outgoing.ts';
import { splitByReport } from '../../../runtime/kafka/split-by-report.ts';

const recordIn = (topic: string, partition: number, wantsOffset = false): Outgoing => ({
  topic,
  partition,
  key: 'k',
  value: null,
  headers: [],
  wantsOffset,
});

const anyRecords = fc.array(
  fc.record({
    topic: fc.constantFrom('a', 'b'),
    partition: fc.integer({ min: -1, max: 2 }),
    wantsOffset: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe('of the records of a transaction those are reported', () => {
  it('that want their offset, that end a partition, and that stand behind one of these', () => {
    const records = [
      recordIn('a', 0),
      recordIn('a', 0),
      recordIn('a', 0),
      recordIn('b', 0, true),
      recordIn('b', 0),
      recordIn('a', 1),
      recordIn('a', 1),
    ];
    expect(splitByReport(records, 1)).toEqual({ unreported: [0, 1, 5], reported: [2, 3, 4, 6] });
  });

  it('all of them, where too few are left to be worth a round trip', () => {
    const records = Array.from({ length: 64 }, () => recordIn('a', 0));
    expect(splitByReport(records).unreported).toEqual([]);
    expect(splitByReport(records).reported).toHaveLength(64);
    expect(splitByReport([...records, recordIn('a', 0)]).reported).toEqual([64]);
  });

  it('and every partition keeps its order, whatever comes', () => {
    fc.assert(
      fc.property(anyRecords, (given) => {
        const records = given.map(({ topic, partition, wantsOffset }) =>
          recordIn(topic, partition, wantsOffset),
        );
        const { unreported, reported } = splitByReport(records, 1);
        const placeOf = (index: number): string => `${records[index]!.topic}/${records[index]!.partition}`;
        const sent = [...unreported, ...reported];
        expect(sent.toSorted((a, b) => a - b)).toEqual(records.map((_, index) => index));
        const known = new Set(reported);
        for (const place of new Set(sent.map(placeOf))) {
          const here = sent.filter((index) => placeOf(index) === place);
          expect(here).toEqual(here.toSorted((a, b) => a - b));
          expect(known.has(here.at(-1)!)).toBe(true);
        }
        for (const [index, { wantsOffset }] of records.entries())
          if (wantsOffset === true) expect(known.has(index)).toBe(true);
      }),
    );
  });
});
