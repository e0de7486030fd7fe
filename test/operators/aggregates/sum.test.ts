import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean } from '../../../operators/aggregates/mean.ts';
import { sum } from '../../../operators/aggregates/sum.ts';
import { answerFor } from './answer-for.ts';
import { exactSum } from './law-oracles.ts';
import { fieldRows } from './law-rows.ts';
import { holder } from './state-holder.ts';

/** Doubles of 1 to 53 bits and either sign: multiples of 1, the largest 2^97, so that 60 of them stay below 2^103. */
const wide = fc
  .tuple(fc.maxSafeInteger(), fc.nat(96))
  .map(([value, power]) => Math.trunc(value * 2 ** (power - 52)) + 0);

const shuffled = (values: fc.Arbitrary<number>): fc.Arbitrary<readonly [number[], number[], number]> =>
  fc
    .array(values, { maxLength: 60 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(all.length)),
    );

const inTwo = (values: readonly number[], cut: number): unknown => {
  const parts = [values.slice(0, cut), values.slice(cut)].map((part) => {
    const state = holder(sum('v'));
    state.add(fieldRows(part.map((v, at) => ({ at, heardAt: at, v }))), 0, part.length);
    return state;
  });
  parts[0]!.merge(parts[1]!);
  return parts[0]!.result();
};

describe('sum', () => {
  it('does not forget a small number beside a large one', () => {
    expect(answerFor(sum('v'), [1e16, 1, null, -1e16])).toBe(1);
    expect(answerFor(sum('v'), [1, 2 ** 100, 1, -(2 ** 100)])).toBe(2);
    expect(
      answerFor(
        sum('v'),
        Array.from({ length: 10 }, () => 0.1),
      ),
    ).toBe(1);
  });

  it('is the double nearest to the exact sum, in any order and split, of multiples of 2^k below 2^(k+104)', () => {
    fc.assert(
      fc.property(shuffled(wide), fc.integer({ min: -900, max: 800 }), ([values, others, cut], power) => {
        fc.pre(values.length > 0);
        const scale = 2 ** power;
        const wanted = exactSum(values) * scale;
        expect(
          answerFor(
            sum('v'),
            values.map((value) => value * scale),
          ),
        ).toBe(wanted);
        expect(
          inTwo(
            others.map((value) => value * scale),
            cut,
          ),
        ).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  it('is wrong by n · 2^-103 of the sum of absolute values at most, where numbers are too far apart for that', () => {
    const any = fc.double({ min: -1e150, max: 1e150, noNaN: true });
    fc.assert(
      fc.property(shuffled(any), ([values, others, cut]) => {
        fc.pre(values.length > 0);
        const wanted = exactSum(values);
        // Both the sum and what was wanted are rounded: close to the middle between two doubles, to different sides.
        const rounding = Math.abs(wanted) * 2 ** -52;
        const size = values.reduce((all, value) => all + Math.abs(value), 0);
        const allowed = rounding + values.length * 2 ** -103 * size + Number.MIN_VALUE;
        for (const got of [answerFor(sum('v'), others), inTwo(others, cut)]) {
          expect(Math.abs(Number(got) - wanted)).toBeLessThanOrEqual(allowed);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is never −0, and infinite past 1.8e308', () => {
    expect(answerFor(sum('v'), [-0])).toBe(0);
    expect(answerFor(sum('v'), [-0, -0])).toBe(0);
    expect(answerFor(sum('v'), [1e308, 1e308])).toBe(Infinity);
    expect(answerFor(sum('v'), [1e308, 1e308, -5])).toBe(Infinity);
    expect(answerFor(sum('v'), [Infinity, -Infinity, 5])).toBe(null);
  });

  it('makes the mean as exact', () => {
    expect(answerFor(mean('v'), [1e16, 2, -1e16, null])).toBe(2 / 3);
    expect(answerFor(mean('v'), [2, null, 4, 9])).toBe(5);
  });
});
