import { count } from '../../../../operators/aggregates/count.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyNumber, anyPlain, present } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  { name: 'count()', aggregate: count(), values: anyNumber, oracle: (rows) => rows.length },
  {
    name: "count('v') of words and numbers",
    aggregate: count('v'),
    values: anyPlain,
    oracle: (rows) => present(rows).length,
  },
  {
    name: "count('v') of numbers",
    aggregate: count('v'),
    values: anyNumber,
    oracle: (rows) => present(rows).length,
  },
];
