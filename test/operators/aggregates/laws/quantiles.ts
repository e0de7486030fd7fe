import fc from 'fast-check';
import { expect } from 'vitest';
import { quantiles } from '../../../../operators/aggregates/quantiles.ts';
import type { AggregateLaws } from '../aggregate-laws.ts';
import { anyNumber, numbersOf } from '../law-oracles.ts';

const of = { least: 0, median: 0.5, p90: 0.9, greatest: 1 };

/** Every quantile within `accuracy` of the number that has its rank; −0 and the smallest doubles count as 0. */
const within =
  (accuracy: number) =>
  (got: unknown, wanted: unknown): void => {
    const [ours, theirs] = [got, wanted] as readonly Record<keyof typeof of, number | null>[];
    expect(Object.keys(ours!)).toEqual(Object.keys(of));
    for (const name of Object.keys(of) as (keyof typeof of)[]) {
      const about = ours![name];
      const exact = theirs![name];
      if (about === null || exact === null || !Number.isFinite(exact)) expect(about).toBe(exact);
      else
        expect(Math.abs(about - exact)).toBeLessThanOrEqual(accuracy * Math.abs(exact) * (1 + 1e-9) + 1e-300);
    }
  };

const ranked = (numbers: readonly number[]): Record<keyof typeof of, number | null> => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (quantile: number): number | null => sorted[Math.floor(quantile * (sorted.length - 1))] ?? null;
  return { least: at(0), median: at(0.5), p90: at(0.9), greatest: at(1) };
};

const wide = fc.oneof(
  fc.double({ min: -300, max: 300, noNaN: true }).map((power) => 10 ** power),
  fc.double({ min: -300, max: 300, noNaN: true }).map((power) => -(10 ** power)),
);

export const laws: readonly AggregateLaws[] = [
  {
    name: "quantiles('v')",
    aggregate: quantiles('v', { of }),
    values: anyNumber.filter((value) => value === 0 || Math.abs(value) > 0.1 || Math.abs(value) < 2 ** -1022),
    oracle: (rows) => ranked(numbersOf(rows)),
    same: within(0.01),
  },
  {
    name: "quantiles('v') from 1e-300 to 1e300",
    aggregate: quantiles('v', { of, accuracy: 0.05, maxBins: 14_000 }),
    values: wide,
    oracle: (rows) => ranked(numbersOf(rows)),
    same: within(0.05),
  },
  {
    // 2 bins of factor 3: what is nearer to 0 than a ninth of the largest of its sign is counted in the lower of them.
    name: "quantiles('v') past its bins",
    aggregate: quantiles('v', { of: { least: 0, median: 0.5, greatest: 1 }, accuracy: 0.5, maxBins: 2 }),
    values: fc.integer({ min: 0, max: 6 }).map((power) => 3 ** power - 0.5),
    oracle: (rows) => {
      const numbers = numbersOf(rows);
      const bins = numbers.map((value) => Math.ceil(Math.log(value) / Math.log(3)));
      const sorted = bins.map((bin) => Math.max(bin, Math.max(...bins) - 1)).toSorted((a, b) => a - b);
      const at = (quantile: number): number | null => {
        const bin = sorted[Math.floor(quantile * (sorted.length - 1))];
        if (bin === undefined) return null;
        return Math.min(Math.max(3 ** (bin - 1) * 1.5, Math.min(...numbers)), Math.max(...numbers));
      };
      return { least: at(0), median: at(0.5), greatest: at(1) };
    },
    same: (got, wanted) => {
      for (const [name, value] of Object.entries(wanted as Record<string, number | null>)) {
        const about = (got as Record<string, number | null>)[name];
        if (value === null) expect(about).toBe(null);
        else expect(about).toBeCloseTo(value, 6);
      }
    },
  },
];
