import { min } from '../../../../operators/aggregates/min.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyNumber, numbersOf } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  {
    name: "min('v')",
    aggregate: min('v'),
    values: anyNumber,
    oracle: (rows) => (numbersOf(rows).length === 0 ? null : Math.min(...numbersOf(rows).map((v) => v + 0))),
  },
];
