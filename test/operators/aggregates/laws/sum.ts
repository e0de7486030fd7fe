import fc from 'fast-check';
import { sum } from '../../../../operators/aggregates/sum.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import type { LawRow } from '../law-rows.ts';
import { exactSum, numbersOf } from '../law-oracles.ts';

const amounts = fc.oneof(
  fc.double({ min: -5e11, max: 5e11, noNaN: true }).map((value) => Math.round(value * 100) / 100),
  fc.constantFrom(1, -1, 0.1, -0.1, 0.01, -0),
);
const whole = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(1e16, -1e16, 1, -1, 2 ** 53, -(2 ** 53) - 2, 2 ** 97, -(2 ** 97)),
);

/** The nearest double to the exact sum: what `sum` promises of such numbers. */
export const exactSumOf = (values: readonly number[]): number | null => {
  const infinite = values.filter((value) => !Number.isFinite(value));
  if (new Set(infinite).size === 2 || values.length === 0) return null;
  return infinite[0] ?? exactSum(values);
};

const oracle = (rows: readonly LawRow[]): number | null => exactSumOf(numbersOf(rows));

export const laws: readonly AggregateLaws[] = [
  { name: "sum('v') of amounts", aggregate: sum('v'), values: amounts, oracle },
  { name: "sum('v') of whole numbers", aggregate: sum('v'), values: whole, oracle },
  {
    name: "sum('v') of amounts and infinities",
    aggregate: sum('v'),
    values: fc.oneof({ weight: 20, arbitrary: amounts }, fc.constantFrom(1 / 0, -1 / 0)),
    oracle,
  },
];
