import { distinct } from '../../../../operators/aggregates/distinct.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import type { LawRow } from '../law-rows.ts';
import { anyPlain, present } from '../law-oracles.ts';

const kinds = (rows: readonly LawRow[]): number =>
  new Set(present(rows).map(({ v }) => `${typeof v} ${String(v)}`)).size;

export const laws: readonly AggregateLaws[] = [
  {
    name: "distinct('v')",
    aggregate: distinct('v', { atMost: 100, maxValueBytes: 24 }),
    values: anyPlain,
    oracle: kinds,
  },
  {
    name: "distinct('v') past its bound",
    aggregate: distinct('v', { atMost: 4, maxValueBytes: 24 }),
    values: anyPlain,
    oracle: (rows) => (kinds(rows) > 4 ? { atLeast: 5 } : kinds(rows)),
  },
];
