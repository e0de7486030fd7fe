import { describe, expect, it } from 'vitest';
import { fitLinear, fitLogistic, solve } from '../../../models/effect/ridge.ts';
import { studentT975 } from '../../../models/effect/student-t.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const row = (...values: readonly number[]): Float64Array => Float64Array.of(1, ...values);

describe('solve', () => {
  it('solves three equations', () => {
    // 4x + 2y + z = 11, 2x + 5y + 3z = 21, x + 3y + 6z = 25 → 1, 2, 3.
    const x = solve(Float64Array.of(4, 2, 1, 2, 5, 3, 1, 3, 6), Float64Array.of(11, 21, 25));
    expect([...x].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2, 3]);
  });
});

describe('fitLinear', () => {
  it('finds a line, held back by one row', () => {
    const design = [-1, 1, -1, 1].map((value) => row(value));
    const expects = fitLinear(design, Float64Array.of(1, 5, 1, 5));
    // Slope 2 from four rows, and one more that says 0: 2 · 4 / 5. The mean is held back by a hundredth of a row.
    expect(expects(row(1)) - expects(row(0))).toBeCloseTo(1.6, 10);
    expect(expects(row(0))).toBeCloseTo((3 * 4) / 4.01, 10);
  });

  it('expects the mean where there is no row at all', () => {
    expect(fitLinear([], Float64Array.of())(row())).toBe(0);
  });
});

describe('fitLogistic', () => {
  it('is at the least loss: its gradient vanishes', () => {
    const random = seededRandom(4);
    const design = Array.from({ length: 300 }, () => row(random() * 4 - 2, random() * 4 - 2));
    const y = Float64Array.from(design, ([, a = 0, b = 0]) =>
      Number(random() < 1 / (1 + Math.exp(-0.3 - 1.5 * a + 0.8 * b))),
    );
    const expects = fitLogistic(design, y);
    const logit = (of: Float64Array): number => Math.log(expects(of) / (1 - expects(of)));
    const slopes = [logit(row(1, 0)) - logit(row(0, 0)), logit(row(0, 1)) - logit(row(0, 0))];
    const penalties = [0.01 * logit(row(0, 0)), ...slopes];
    for (const column of [0, 1, 2]) {
      const gradient = design.reduce(
        (sum, of, i) => sum + (of[column] ?? 0) * ((y[i] ?? 0) - expects(of)),
        0,
      );
      expect(gradient).toBeCloseTo(penalties[column] ?? Number.NaN, 3);
    }
    expect(slopes[0]).toBeGreaterThan(1);
    expect(slopes[1]).toBeLessThan(-0.4);
  });

  it('stays finite where labels are all the same, or a covariate parts them', () => {
    const design = [-3, -2, 2, 3].map((value) => row(value));
    expect(fitLogistic(design, Float64Array.of(1, 1, 1, 1))(row(0))).toBeGreaterThan(0.9);
    const parted = fitLogistic(design, Float64Array.of(0, 0, 1, 1));
    expect(parted(row(3))).toBeGreaterThan(0.9);
    expect(parted(row(3))).toBeLessThan(1);
  });
});

describe('studentT975', () => {
  // Abramowitz and Stegun, table 26.10.
  it.each([
    [4, 2.776],
    [9, 2.262],
    [10, 2.228],
    [20, 2.086],
    [30, 2.042],
    [120, 1.98],
  ])('%d degrees → %d', (degrees, expected) => {
    expect(studentT975(degrees)).toBeCloseTo(expected, 2);
  });
});
