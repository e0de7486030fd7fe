import fc from 'fast-check';
import { mean } from '../../../../operators/aggregates/mean.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { numbersOf } from '../law-oracles.ts';
import { exactSumOf } from './sum.ts';

export const laws: readonly AggregateLaws[] = [
  {
    name: "mean('v')",
    aggregate: mean('v'),
    values: fc.oneof(fc.integer(), fc.constantFrom(-0, 0.5, -0.25, 2 ** 53, 1 / 0, -1 / 0)),
    oracle: (rows) => {
      const total = exactSumOf(numbersOf(rows));
      return total === null ? null : total / numbersOf(rows).length;
    },
  },
];
