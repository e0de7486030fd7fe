import fc from 'fast-check';
import { variance } from '../../../../operators/aggregates/variance.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { near, numbersOf } from '../law-oracles.ts';

/** Two passes over whole numbers, in whole numbers: n Σx² − (Σx)², without any rounding before the end. */
const naive = (values: readonly number[], less: number): number | null => {
  if (values.length <= less || values.some((value) => !Number.isFinite(value))) return null;
  const whole = values.map((value) => BigInt(value * 4));
  const total = whole.reduce((sum, value) => sum + value, 0n);
  const squares = whole.reduce((sum, value) => sum + value * value, 0n);
  const count = values.length;
  return Number(BigInt(count) * squares - total * total) / 16 / count / (count - less);
};

const quarters = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: -1000, max: 1000 }).map((value) => value / 4) },
  fc.constant(Number.NEGATIVE_INFINITY),
);
const largeAndClose = fc.nat(40).map((value) => 1e9 + value / 4);

export const laws: readonly AggregateLaws[] = [
  {
    name: "variance('v')",
    aggregate: variance('v'),
    values: quarters,
    oracle: (rows) => naive(numbersOf(rows), 0),
    same: near(1e-12),
  },
  {
    name: "variance('v') of numbers that are large and close together",
    aggregate: variance('v'),
    values: largeAndClose,
    oracle: (rows) => naive(numbersOf(rows), 0),
    same: near(1e-6),
  },
  {
    name: "variance('v') of a sample",
    aggregate: variance('v', { sample: true }),
    values: quarters,
    oracle: (rows) => naive(numbersOf(rows), 1),
    same: near(1e-12),
  },
];
