import { max } from '../../../../operators/aggregates/max.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyNumber, numbersOf } from '../law-oracles.ts';

export const laws: readonly AggregateLaws[] = [
  {
    name: "max('v')",
    aggregate: max('v'),
    values: anyNumber,
    oracle: (rows) => (numbersOf(rows).length === 0 ? null : Math.max(...numbersOf(rows).map((v) => v + 0))),
  },
];
