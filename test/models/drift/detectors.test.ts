import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adwin, adwinDefaults, adwinStart } from '../../../models/drift/adwin.ts';
import { blockNoise } from '../../../models/drift/block-noise.ts';
import { errorShiftDefaults, errorShiftStart, observeError } from '../../../models/drift/error-shift.ts';
import { estimatedQuality } from '../../../models/drift/estimated-quality.ts';
import { believed } from '../../../models/drift/false-discovery.ts';
import { interpolate, isotonic } from '../../../models/calibration/isotonic.ts';
import { pageHinkley, pageHinkleyDefaults, pageHinkleyStart } from '../../../models/drift/page-hinkley.ts';
import { pelt, squaredDeviations } from '../../../models/drift/pelt.ts';
import { auc, brier } from '../../../models/quality.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { goldenFile } from './golden-file.ts';

const numbers = z.array(z.number());
const river = goldenFile(
  'river.json',
  z.object({
    series: z.record(z.string(), numbers),
    cases: z.array(
      z.object({
        detector: z.string(),
        params: z.record(z.string(), z.union([z.number(), z.string()])),
        series: z.string(),
        drift_at: numbers,
        trace: z.array(z.record(z.string(), z.number())),
      }),
    ),
  }),
);

const nameOf = (parameter: string): string =>
  parameter.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const casesOf = (detector: string) =>
  (river?.cases ?? [])
    .filter((one) => one.detector === detector)
    .map(({ params, series, ...expected }) => ({
      title: `${JSON.stringify(params)} on ${series}`,
      values: river?.series[series] ?? [],
      given: Object.fromEntries(Object.entries(params).map(([name, value]) => [nameOf(name), value])),
      ...expected,
    }));

describe.skipIf(river === null)('detectors find the same places as river', () => {
  it.each(casesOf('ADWIN'))('ADWIN $title', ({ values, given, drift_at: expected, trace }) => {
    let state = adwinStart;
    const found: number[] = [];
    for (const [at, value] of values.entries()) {
      state = adwin(state, value, { ...adwinDefaults, ...given });
      if (state.found) found.push(at);
      const traced = (at + 1) % 100 === 0 ? trace[(at + 1) / 100 - 1] : undefined;
      if (traced === undefined) continue;
      expect(state.width).toBe(traced['width']);
      expect(state.total).toBeCloseTo(traced['total'] ?? NaN, 6);
      expect(state.variance / (traced['variance'] ?? NaN)).toBeCloseTo(1, 9);
    }
    expect(found).toEqual(expected);
  });

  it.each(casesOf('PageHinkley'))('Page-Hinkley $title', ({ values, given, drift_at: expected }) => {
    let state = pageHinkleyStart;
    const found: number[] = [];
    for (const [at, value] of values.entries()) {
      state = pageHinkley(state, value, { ...pageHinkleyDefaults, ...given });
      if (state.found) found.push(at);
    }
    expect(found).toEqual(expected);
  });
});

const rows = z.object({ y_pred_proba: numbers, y_true: numbers });
const nannyml = goldenFile(
  'nannyml.json',
  z.object({
    reference: rows,
    analysis: rows,
    cbpe: z.array(z.object({ 'roc_auc.value': z.number() })),
    realized: z.array(z.object({ 'roc_auc.value': z.number() })),
  }),
);

describe('estimated quality', () => {
  it.skipIf(nannyml === null)('is what NannyML estimates and measures on each chunk', () => {
    const { reference, analysis, cbpe, realized } = nannyml ?? expect.fail('not here');
    const calibration = isotonic(reference.y_pred_proba, reference.y_true);
    for (const [chunk, estimated] of cbpe.entries()) {
      const of = chunk < 4 ? reference : analysis;
      const from = (chunk % 4) * 500;
      const scores = of.y_pred_proba.slice(from, from + 500);
      const probabilities = scores.map((score) => interpolate(calibration, score));
      // NannyML rounds its counts to five digits first.
      expect(estimatedQuality(scores, probabilities).auc).toBeCloseTo(estimated['roc_auc.value'], 6);
      const measured = realized[chunk]?.['roc_auc.value'] ?? NaN;
      expect(auc(of.y_true.slice(from, from + 500), scores)).toBeCloseTo(measured, 10);
    }
  });

  it('comes true where probabilities do, and sees nothing of another relation', () => {
    const random = seededRandom(3);
    const scores = Array.from({ length: 20_000 }, random);
    const labels = scores.map((score) => (random() < score ? 1 : 0));
    const { auc: expected, brier: expectedBrier, rate } = estimatedQuality(scores);
    expect(expected).toBeCloseTo(auc(labels, scores), 1);
    expect(expectedBrier).toBeCloseTo(brier(labels, scores), 2);
    expect(rate).toBeCloseTo(0.5, 1);
    const turned = labels.map((label) => 1 - label);
    expect(brier(turned, scores)).toBeGreaterThan(2 * expectedBrier);
    expect(estimatedQuality(scores).brier).toBe(expectedBrier);
  });

  it('is the example by hand', () => {
    const { auc: ranked, brier: squared } = estimatedQuality([0.2, 0.8]);
    expect(ranked).toBeCloseTo(0.8, 12);
    expect(squared).toBeCloseTo(0.16, 12);
  });
});

describe('isotonic regression', () => {
  it('is the example by hand, straight between points and level beyond', () => {
    const line = isotonic([0.1, 0.2, 0.3], [0, 1, 0]);
    expect([0, 0.1, 0.15, 0.2, 0.25, 9].map((score) => interpolate(line, score))).toEqual([
      0,
      0,
      expect.closeTo(0.25, 12),
      0.5,
      0.5,
      0.5,
    ]);
  });

  it('never falls', () => {
    const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 1)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(points, (pairs) => {
        const { y } = isotonic(
          pairs.map(([score]) => score),
          pairs.map(([, label]) => label),
        );
        for (const [at, one] of y.entries()) expect(one).toBeGreaterThanOrEqual(y[at - 1] ?? 0);
      }),
    );
  });
});

describe('false discoveries', () => {
  it('believes the example, and less under any dependence', () => {
    expect(believed([0.001, 0.02, 0.03, 0.5], 0.05)).toEqual([true, true, true, false]);
    expect(believed([0.001, 0.02, 0.03, 0.5], 0.05, 'any')).toEqual([true, false, false, false]);
    expect(believed([], 0.05)).toEqual([]);
  });

  it('keeps the share of false ones under the rate', () => {
    const random = seededRandom(5);
    let share = 0;
    for (let round = 0; round < 300; round++) {
      const pValues = Array.from({ length: 40 }, (_, at) => (at < 10 ? 1e-6 : random()));
      const told = believed(pValues, 0.1);
      const wrong = told.filter((isTold, at) => isTold && at >= 10).length;
      share += wrong / Math.max(1, told.filter(Boolean).length) / 300;
    }
    expect(share).toBeLessThan(0.1);
    expect(share).toBeGreaterThan(0.02);
  });
});

describe('change of a mean', () => {
  const noise = (seed: number, levels: readonly (readonly [number, number])[]): number[] => {
    const random = seededRandom(seed);
    return levels.flatMap(([level, count]) =>
      Array.from({ length: count }, () => level + (random() + random() + random() - 1.5) * 0.1),
    );
  };

  it('ADWIN forgets what was before the change', () => {
    let state = adwinStart;
    for (const value of noise(1, [[0.2, 300]])) state = adwin(state, value);
    expect(state.width).toBe(300);
    let least = Infinity;
    for (const value of noise(2, [[0.9, 100]])) {
      state = adwin(state, value);
      least = Math.min(least, state.width);
    }
    expect(least).toBeLessThan(100);
    expect(state.total / state.width).toBeGreaterThan(0.8);
    expect(adwin(JSON.parse(JSON.stringify(state)), 0.9)).toEqual(adwin(state, 0.9));
  });

  it('PELT finds the example, and as good a cut as trying all of them', () => {
    expect(pelt([0, 0, 0, 5, 5, 5], { penalty: 1, minLength: 1 })).toEqual([3]);
    const series = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
    const few = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(series, few, fc.integer({ min: 1, max: 30 }), (values, minLength, penalty) => {
        const cost = squaredDeviations(values);
        const totalOf = (cuts: readonly number[]): number => {
          const ends = [0, ...cuts, values.length];
          return ends.slice(1).reduce((sum, end, at) => sum + cost(ends[at] ?? 0, end) + penalty, 0);
        };
        let least = Infinity;
        for (let mask = 0; mask < 2 ** (values.length - 1); mask++) {
          const cuts = values.map((_, at) => at).filter((at) => at > 0 && (mask >> (at - 1)) & 1);
          const ends = [0, ...cuts, values.length];
          const fits = ends.slice(1).every((end, at) => end - (ends[at] ?? 0) >= minLength);
          if (fits) least = Math.min(least, totalOf(cuts));
        }
        if (values.length >= minLength)
          expect(totalOf(pelt(values, { penalty, minLength }))).toBeCloseTo(least, 8);
      }),
      { numRuns: 200 },
    );
  });

  it('noise is hardly moved by a change of level', () => {
    const still = blockNoise(noise(4, [[0.2, 100]]));
    const moved = noise(4, [
      [0.2, 50],
      [0.9, 50],
    ]);
    expect(blockNoise(moved) / still).toBeCloseTo(1, 1);
    expect(blockNoise([1, 2, 1, 2, 9, 10, 9])).toBeCloseTo(1.05, 2);
  });

  it('the error shift is told days after it, with its place, and not again', () => {
    let state = errorShiftStart;
    const told: { at: number; changedAt: number }[] = [];
    for (const [at, error] of noise(6, [
      [0.2, 60],
      [0.5, 60],
    ]).entries()) {
      const step = observeError(state, { from: at, error });
      state = JSON.parse(JSON.stringify(step.state));
      if (step.shift !== null) told.push({ at, changedAt: step.shift.changedAt });
    }
    expect(told).toEqual([{ at: 60 + errorShiftDefaults.minLength - 1, changedAt: 60 }]);
  });

  it('the error shift is rare where nothing changes', () => {
    let shifts = 0;
    for (let seed = 0; seed < 30; seed++) {
      let state = errorShiftStart;
      for (const [from, error] of noise(100 + seed, [[0.2, 200]]).entries()) {
        const step = observeError(state, { from, error });
        state = step.state;
        if (step.shift !== null) shifts++;
      }
    }
    // 6,000 blocks: fewer than one in a thousand.
    expect(shifts).toBeLessThanOrEqual(6);
  });
});
