import fc from 'fast-check';
import { topK } from '../../../../operators/aggregates/top-k.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import type { LawRow } from '../law-rows.ts';
import { inTime, present } from '../law-oracles.ts';

const few = fc.constantFrom(-0, 0, 1, 2, 3, Number.POSITIVE_INFINITY);

const ranked = (rows: readonly LawRow[], sign: 1 | -1): readonly LawRow[] =>
  inTime(present(rows)).toSorted((a, b) =>
    a.v === b.v ? 0 : sign * Number(a.v) < sign * Number(b.v) ? -1 : 1,
  );

export const laws: readonly AggregateLaws[] = [
  {
    name: "topK('v')",
    aggregate: topK('v', { k: 3, maxRowBytes: 100 }),
    values: few,
    oracle: (rows) => ranked(rows, -1).slice(0, 3),
  },
  {
    name: "topK('v') of the least",
    aggregate: topK('v', { k: 2, order: 'least', maxRowBytes: 100 }),
    values: few,
    oracle: (rows) => ranked(rows, 1).slice(0, 2),
  },
  {
    name: "topK('v') with ties",
    aggregate: topK('v', { k: 3, keepTiesUpTo: 5, maxRowBytes: 100 }),
    values: few,
    oracle: (rows) => {
      const best = ranked(rows, -1);
      return best.filter(({ v }, index) => index < 3 || v === best[2]!.v).slice(0, 5);
    },
  },
];
