import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chiSquaredTest } from '../../../models/drift/chi-squared.ts';
import { jensenShannon } from '../../../models/drift/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../../../models/drift/kolmogorov-smirnov.ts';
import { kolmogorovTail } from '../../../models/drift/kolmogorov-tail.ts';
import { populationStability } from '../../../models/drift/population-stability.ts';
import { countInBins, quantileEdges } from '../../../models/drift/quantile-bins.ts';
import { wasserstein } from '../../../models/drift/wasserstein.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { goldenFile } from './golden-file.ts';

const numbers = z.array(z.number());
const binned = z.object({
  edges: numbers,
  ref: numbers,
  cur: numbers,
  psi: z.number(),
  js_distance_base2: z.number(),
});
const golden = goldenFile(
  'dist_scipy.json',
  z.object({
    numeric: z.record(
      z.string(),
      z.object({
        ref: numbers,
        cur: numbers,
        scipy: z.object({
          ks_2samp: z.object({ stat: z.number(), p_auto: z.number(), p_asymp: z.number() }),
          wasserstein: z.number(),
        }),
        'psi_quantile10_eps1e-4': binned,
        'psi_quantile20_eps1e-4': binned,
      }),
    ),
    categorical: z.record(
      z.string(),
      z.object({
        ref: z.array(z.string()),
        cur: z.array(z.string()),
        cats: z.array(z.string()),
        chi2_contingency: z.object({ stat: z.number(), p: z.number(), dof: z.number() }),
        psi_eps1e4: z.number(),
        js_distance_base2: z.number(),
      }),
    ),
  }),
);

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const relative = (value: number, expected: number): number => Math.abs(value / expected - 1);

describe.skipIf(golden === null)('distances against scipy', () => {
  for (const [name, { ref, cur, scipy, ...psi }] of Object.entries(golden?.numeric ?? {})) {
    it(`are equal on ${name}`, () => {
      const [reference, current] = [ascending(ref), ascending(cur)];
      const exact = kolmogorovSmirnov(reference, current);
      expect(exact.method).toBe('exact');
      expect(exact.distance).toBeCloseTo(scipy.ks_2samp.stat, 14);
      expect(relative(exact.pValue, scipy.ks_2samp.p_auto)).toBeLessThan(1e-12);
      const { pValue } = kolmogorovSmirnov(reference, current, 'asymptotic');
      // Ours is exact where scipy takes the expansion of Pelz and Good, which is right to 1e-7.
      expect(relative(pValue, scipy.ks_2samp.p_asymp)).toBeLessThan(2e-7);
      expect(wasserstein(reference, current)).toBeCloseTo(scipy.wasserstein, 12);
      for (const of of [psi['psi_quantile10_eps1e-4'], psi['psi_quantile20_eps1e-4']]) {
        const inner = of.edges.slice(1, -1);
        const [before, after] = [countInBins(ref, inner).counts, countInBins(cur, inner).counts];
        expect(before.map((count) => count / ref.length)).toEqual(of.ref);
        expect(populationStability(before, after)).toBeCloseTo(of.psi, 12);
        expect(jensenShannon(before, after)).toBeCloseTo(of.js_distance_base2, 12);
      }
    });
  }

  for (const [name, of] of Object.entries(golden?.categorical ?? {})) {
    it(`are equal on the categories ${name}`, () => {
      const countsOf = (values: readonly string[]): number[] =>
        of.cats.map((category) => values.filter((value) => value === category).length);
      const [before, after] = [countsOf(of.ref), countsOf(of.cur)];
      const { statistic, degrees, pValue } = chiSquaredTest(before, after);
      expect(statistic).toBeCloseTo(of.chi2_contingency.stat, 10);
      expect(degrees).toBe(of.chi2_contingency.dof);
      expect(relative(pValue, of.chi2_contingency.p)).toBeLessThan(1e-12);
      expect(populationStability(before, after)).toBeCloseTo(of.psi_eps1e4, 12);
      expect(jensenShannon(before, after)).toBeCloseTo(of.js_distance_base2, 12);
    });
  }
});

const counts = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 });
const some = counts.filter((row) => row.some((count) => count > 0));
const samples = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 30 }).map(ascending);

describe('distances', () => {
  it('give the numbers of their own examples', () => {
    expect(kolmogorovSmirnov([1, 2, 3], [2.5, 3.5, 4.5])).toMatchObject({ distance: 2 / 3, pValue: 0.6 });
    expect(wasserstein([0, 1, 3], [5, 6, 8])).toBe(5);
    expect(jensenShannon([1, 1], [1, 0])).toBeCloseTo(0.558, 3);
    expect(jensenShannon([1, 0], [0, 1])).toBe(1);
    expect(populationStability([50, 50], [60, 40])).toBeCloseTo(0.0405, 4);
    expect(chiSquaredTest([30, 10], [20, 20]).statistic).toBeCloseTo(4.32, 2);
    expect(quantileEdges([1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([3, 5, 7]);
    expect(countInBins([1, NaN, 3, 9], [3, 5])).toEqual({ counts: [1, 1, 1], missing: 1 });
  });

  it('a flag of two values keeps two bins, so that its drift is seen', () => {
    const flag = ascending(Array.from({ length: 100 }, (_, row) => (row % 10 === 0 ? 1 : 0)));
    const edges = quantileEdges(flag, 10);
    expect(countInBins(flag, edges).counts).toEqual([90, 10]);
  });

  it('the index is zero on equal counts and never below zero', () => {
    fc.assert(
      fc.property(some, some, (left, right) => {
        expect(populationStability(left, left)).toBe(0);
        expect(populationStability(left, right)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('Jensen-Shannon is symmetric, in [0; 1], and keeps the triangle', () => {
    fc.assert(
      fc.property(some, some, some, (a, b, c) => {
        const distance = jensenShannon(a, b);
        expect(distance).toBeCloseTo(jensenShannon(b, a), 12);
        expect(distance).toBeLessThanOrEqual(1);
        expect(jensenShannon(a, a)).toBe(0);
        expect(distance).toBeLessThanOrEqual(jensenShannon(a, c) + jensenShannon(c, b) + 1e-9);
      }),
    );
  });

  it('Wasserstein keeps the triangle and moves with the values', () => {
    fc.assert(
      fc.property(samples, samples, samples, fc.integer({ min: 0, max: 9 }), (a, b, c, by) => {
        expect(wasserstein(a, b)).toBeLessThanOrEqual(wasserstein(a, c) + wasserstein(c, b) + 1e-9);
        expect(wasserstein(a, b)).toBeCloseTo(wasserstein(b, a), 9);
        expect(
          wasserstein(
            a,
            a.map((value) => value + by),
          ),
        ).toBeCloseTo(by, 9);
      }),
    );
  });

  it('p-values of Kolmogorov-Smirnov are uniform when nothing has changed', () => {
    const random = seededRandom(11);
    const sample = (size: number): number[] => ascending(Array.from({ length: size }, random));
    const pValues = Array.from({ length: 400 }, () => kolmogorovSmirnov(sample(61), sample(83)).pValue);
    const { distance } = kolmogorovSmirnov(
      ascending(pValues),
      Array.from({ length: 400 }, (_, at) => (at + 0.5) / 400),
    );
    expect(distance).toBeLessThan(0.1);
    expect(pValues.filter((value) => value < 0.05).length / 400).toBeLessThan(0.08);
  });

  it('exact and asymptotic chances meet on large samples', () => {
    const left = Array.from({ length: 1_500 }, (_, at) => at);
    const right = left.map((value) => value + 60.5);
    const exact = kolmogorovSmirnov(left, right, 'exact').pValue;
    expect(relative(kolmogorovSmirnov(left, right, 'asymptotic').pValue, exact)).toBeLessThan(0.15);
    expect(kolmogorovTail(1_999, 0.03)).toBeCloseTo(0.0536434, 6);
    expect(relative(kolmogorovTail(2_001, 0.02), kolmogorovTail(2_000, 0.02))).toBeLessThan(2e-3);
  });
});
