import fc from 'fast-check';
import { custom } from '../../../../operators/aggregates/custom.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import type { LawRow } from '../law-rows.ts';
import { present } from '../law-oracles.ts';

const words = fc.string({ maxLength: 12 });

const lengthOf = ({ v }: LawRow): number => (typeof v === 'string' ? v.length : 0);

export const laws: readonly AggregateLaws[] = [
  {
    name: 'custom() with an object changed in place',
    aggregate: custom({
      label: 'lengths',
      create: () => ({ letters: 0, longest: 0, last: 0 }),
      add(seen, row: LawRow, { at }) {
        seen.letters += lengthOf(row);
        seen.longest = Math.max(seen.longest, lengthOf(row));
        seen.last = Math.max(seen.last, at);
        return seen;
      },
      merge(seen, other) {
        seen.letters += other.letters;
        seen.longest = Math.max(seen.longest, other.longest);
        seen.last = Math.max(seen.last, other.last);
        return seen;
      },
      result: ({ letters, longest, last }) => [letters, longest, last],
      maxBytes: 100,
    }),
    values: words,
    oracle: (rows) => {
      const lengths = present(rows).map(lengthOf);
      return [
        lengths.reduce((all, length) => all + length, 0),
        Math.max(0, ...lengths),
        Math.max(0, ...rows.map(({ at }) => at)),
      ];
    },
  },
  {
    name: 'custom() with a form of its own in checkpoints',
    aggregate: custom({
      create: () => new Map<number, number>(),
      add: (seen, row: LawRow) => seen.set(lengthOf(row), (seen.get(lengthOf(row)) ?? 0) + 1),
      merge(seen, other) {
        for (const [length, count] of other) seen.set(length, (seen.get(length) ?? 0) + count);
        return seen;
      },
      result: (seen) => [...seen].sort(([a], [b]) => a - b),
      maxBytes: 1000,
      encode: (seen) => [...seen],
      decode: (encoded) => new Map(encoded as readonly (readonly [number, number])[]),
    }),
    values: words,
    oracle: (rows) => {
      const lengths = rows.map(lengthOf);
      return [...new Set(lengths)]
        .sort((a, b) => a - b)
        .map((length) => [length, lengths.filter((each) => each === length).length]);
    },
  },
];
