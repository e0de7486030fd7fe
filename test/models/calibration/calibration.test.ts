import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calibrate, type Curve, onCurve } from '../../../models/calibration/calibration.ts';
import { interpolate, isotonic } from '../../../models/calibration/isotonic.ts';
import { platt } from '../../../models/calibration/platt.ts';
import { brier } from '../../../models/quality.ts';
import { atStage } from '../../../models/stage-table.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const golden = join(import.meta.dirname, '../../../../shared/golden/ml_misc.json');
const hasGolden = existsSync(golden);
if (!hasGolden)
  console.warn('skipped: isotonic against scikit-learn, ../shared/golden/ml_misc.json is not here');

const numbers = z.array(z.number());
const goldenFile = z.object({
  binary: z.object({ y: numbers, p: numbers }),
  isotonic: z.object({ x: numbers, y: numbers, at: numbers, val: numbers }),
});

const rowsOf = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 60,
});
const split = (rows: readonly (readonly [number, number])[]) =>
  [rows.map(([score]) => score / 4), rows.map(([, label]) => label)] as const;

describe('isotonic', () => {
  it.skipIf(!hasGolden)('has the knots of scikit-learn and its values between them', () => {
    const { binary, isotonic: wanted } = goldenFile.parse(JSON.parse(readFileSync(golden, 'utf8')));
    const knots = isotonic(binary.p, binary.y);
    expect(knots.x).toEqual(wanted.x);
    for (const [at, y] of wanted.y.entries()) expect(knots.y[at]).toBeCloseTo(y, 12);
    for (const [at, x] of wanted.at.entries())
      expect(interpolate(knots, x)).toBeCloseTo(wanted.val[at] ?? NaN, 12);
  });

  it('never falls, and no other rising function of its x is nearer', () => {
    fc.assert(
      fc.property(
        rowsOf,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 41, maxLength: 41 }),
        (rows, steps) => {
          const [scores, labels] = split(rows);
          const knots = isotonic(scores, labels);
          expect(knots.y).toEqual(knots.y.toSorted((left, right) => left - right));
          const rising = steps.toSorted((left, right) => left - right);
          const told = scores.map((score) => interpolate(knots, score));
          const other = scores.map((score) => rising[score * 4 + 20] ?? NaN);
          expect(brier(labels, told)).toBeLessThanOrEqual(brier(labels, other) + 1e-12);
        },
      ),
    );
  });
});

describe('platt', () => {
  it('finds the curve that labels were drawn by', () => {
    const random = seededRandom(4);
    const scores = Float64Array.from({ length: 20_000 }, () => random() * 8 - 4);
    const labels = scores.map((score) => (random() < 1 / (1 + Math.exp(-(0.5 * score - 1))) ? 1 : 0));
    const { slope, offset } = platt(scores, labels);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(offset).toBeCloseTo(-1, 1);
  });

  it('stays finite where scores part the labels, and never falls', () => {
    const apart = platt([-3, -2, 2, 3], [0, 0, 1, 1]);
    expect(apart.slope).toBeGreaterThan(0);
    expect(apart.slope).toBeLessThan(100);
    expect(platt([1, 2, 3, 4], [1, 1, 0, 0]).slope).toBe(0);
    expect(Number.isFinite(platt([1, 1, 1], [0, 1, 1]).offset)).toBe(true);
  });
});

describe('calibrate', () => {
  /** Log-odds too sure of themselves at stage 1, right at stage 2, in steps at NaN; too few rows at stage 3. */
  const drawn = (rows: number) => {
    const random = seededRandom(12);
    const margins = Float32Array.from({ length: rows }, () => random() * 6 - 3);
    const matrix = Float32Array.from(margins, (_, row) => [1, 2, NaN][row % 3] ?? NaN);
    matrix.fill(3, 0, 30);
    const labels = margins.map((margin, row) => {
      const truth = [margin / 4, margin, margin < 0 ? -2.5 : margin < 2 ? 0.2 : 0.4][row % 3] ?? 0;
      return random() < 1 / (1 + Math.exp(-truth)) ? 1 : 0;
    });
    return { margins, labels, matrix, columns: 1 };
  };
  const calibration = calibrate(drawn(9_000), 0);

  it('takes for each stage the curve that it needs, and one for the rest', () => {
    const kindAt = (stage: number) => atStage(calibration, Float32Array.of(stage), 0).kind;
    expect([1, 2, NaN].map(kindAt)).toEqual(['platt', 'none', 'isotonic']);
    expect(calibration.stages.map(({ stage }) => stage)).not.toContain(3);
    expect(atStage(calibration, Float32Array.of(3), 0)).toBe(calibration.rest);
  });

  it('has curves that never fall and never are certain', () => {
    const curves: Curve[] = [calibration.rest, ...calibration.stages.map(({ of }) => of)];
    fc.assert(
      fc.property(
        fc.constantFrom(...curves),
        fc.float({ noNaN: true }),
        fc.float({ noNaN: true, min: -9, max: 9 }),
        (curve, a, b) => {
          const [low, high] = [onCurve(curve, Math.min(a, b)), onCurve(curve, Math.max(a, b))];
          expect(low).toBeLessThanOrEqual(high);
          expect(onCurve(curve, b)).toBeGreaterThan(0);
          expect(onCurve(curve, b)).toBeLessThan(1);
        },
      ),
    );
  });

  it('leaves as it is what has too few rows', () => {
    expect(calibrate(drawn(150), null)).toEqual({ column: null, stages: [], rest: { kind: 'none' } });
  });
});
