import fc from 'fast-check';
import { expect } from 'vitest';
import type { LawRow } from './law-rows.ts';

/** Rows whose field has a value. */
export const present = (rows: readonly LawRow[]): readonly LawRow[] =>
  rows.filter(({ v }) => v !== null && v !== undefined && !Number.isNaN(v));

export const numbersOf = (rows: readonly LawRow[]): readonly number[] =>
  present(rows).map(({ v }) => Number(v));

/** In order of event time, then of hearing, then of arrival. */
export const inTime = (rows: readonly LawRow[]): readonly LawRow[] =>
  rows.toSorted((a, b) => a.at - b.at || a.heardAt - b.heardAt);

/** Numbers that ask for something: −0, ∞, fractions, and whole numbers beyond 2^53. */
export const anyNumber = fc.oneof(
  fc.integer({ min: -100, max: 100 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(-0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53, -(2 ** 53) - 2, 5e-324),
);

/** Words, numbers and truths, few enough to come again; '1' and 1 are two. */
export const anyPlain = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, '', '0', '1', 'Genoa', 'Zürich', '上海', true, false, 1.5),
);

const width = 1100n;

/** A finite double as a whole multiple of 2^-1100. */
const scaled = (value: number): bigint => {
  let whole = value;
  let shift = width;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    shift--;
  }
  return BigInt(whole) << shift;
};

/** The exact sum of finite doubles, rounded once: by whole numbers of any length. */
export const exactSum = (values: readonly number[]): number => {
  const total = values.map(scaled).reduce((sum, value) => sum + value, 0n);
  const size = total < 0n ? -total : total;
  const excess = BigInt(Math.max(0, size.toString(2).length - 64));
  // 64 bits are kept and a last one that tells whether anything was cut, so that `Number` rounds once and rightly.
  const kept = size >> excess;
  const rest = kept << excess === size ? kept << 1n : (kept << 1n) | 1n;
  const power = Number(excess) - 1 - Number(width);
  const rounded = Number(rest) * 2 ** Math.max(power, -1000) * 2 ** Math.min(0, power + 1000);
  return total < 0n ? -rounded : rounded;
};

/** Numbers as near as `relative` of the wanted one; null only for null. */
export const near =
  (relative: number) =>
  (got: unknown, wanted: unknown): void => {
    if (typeof got !== 'number' || typeof wanted !== 'number') expect(got).toBe(wanted);
    else expect(Math.abs(got - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted) + Number.MIN_VALUE);
  };
