import { describe, expect, it } from 'vitest';
import type { MaturedPair } from '../../../models/promotion/matured-pair.ts';
import { pairedBootstrap } from '../../../models/promotion/paired-bootstrap.ts';
import { measureOf } from '../../../models/promotion/weighted-metrics.ts';
import { auc, brier, calibrationError } from '../../../models/quality.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { pairsOf } from './pairs.ts';

const options = { metric: 'brier', confidence: 0.95, draws: 400 } as const;

describe('measureOf', () => {
  it('is the plain measure where all rows weigh the same', () => {
    const labels = [0, 0, 1, 1, 1, 0];
    const scores = [0.1, 0.4, 0.4, 0.8, 0.4, 0.9];
    const same = scores.map(() => 2.5);
    expect(measureOf('auc', labels, scores)(same)).toBeCloseTo(auc(labels, scores), 12);
    expect(measureOf('brier', labels, scores)(same)).toBeCloseTo(-brier(labels, scores), 12);
    expect(calibrationError(labels, scores, same)).toBeCloseTo(calibrationError(labels, scores), 12);
  });

  it('takes a row of weight 2 for two rows', () => {
    const weights = [1, 2, 1, 3];
    const labels = [0, 1, 1, 0];
    const scores = [0.2, 0.1, 0.9, 0.1];
    const spread = <T>(values: readonly T[]): T[] =>
      values.flatMap((value, row) => Array.from({ length: weights[row]! }, () => value));
    for (const metric of ['auc', 'logLoss', 'brier'] as const)
      expect(measureOf(metric, labels, scores)(weights)).toBeCloseTo(
        measureOf(metric, spread(labels), spread(scores))(spread(labels).map(() => 1)),
        12,
      );
  });
});

describe('pairedBootstrap', () => {
  it('finds a gain that is there, with bounds around it, and the same one for the same seed', () => {
    const pairs = pairsOf({ shipments: 600, rows: 3, incumbentNoise: 1.5, candidateNoise: 0.3, seed: 1 });
    const gain = pairedBootstrap(pairs, { ...options, random: seededRandom(7) });
    expect(gain.low).toBeGreaterThan(0);
    expect(gain.low).toBeLessThan(gain.gain);
    expect(gain.high).toBeGreaterThan(gain.gain);
    expect(gain).toMatchObject({ shipments: 600, rows: 1_800 });
    expect(pairedBootstrap(pairs, { ...options, random: seededRandom(7) })).toEqual(gain);
  });

  it('covers the truth about as often as it says: two versions that are equally good', () => {
    let covered = 0;
    for (let seed = 0; seed < 120; seed++) {
      const pairs = pairsOf({ shipments: 200, rows: 2, incumbentNoise: 0.8, candidateNoise: 0.8, seed });
      const { low, high } = pairedBootstrap(pairs, { ...options, draws: 200, random: seededRandom(seed) });
      if (low <= 0 && high >= 0) covered += 1;
    }
    // 95 % of 120 is 114; four standard deviations of a binomial are 10.
    expect(covered).toBeGreaterThanOrEqual(104);
    expect(covered).toBeLessThanOrEqual(120);
  });

  it('is not made surer by rows of the same shipment', () => {
    const once = pairsOf({ shipments: 150, rows: 1, incumbentNoise: 1, candidateNoise: 0.6, seed: 3 });
    const often = once.flatMap((pair): MaturedPair[] => Array.from({ length: 20 }, () => pair));
    const width = (pairs: readonly MaturedPair[]): number => {
      const { low, high } = pairedBootstrap(pairs, { ...options, random: seededRandom(5) });
      return high - low;
    };
    expect(width(often)).toBeCloseTo(width(once), 10);
  });

  it('has no bounds for an AUC where nothing was late', () => {
    const punctual = pairsOf({ shipments: 50, rows: 1, incumbentNoise: 1, candidateNoise: 1, seed: 4 }).map(
      (pair): MaturedPair => ({ ...pair, label: 0 }),
    );
    const gain = pairedBootstrap(punctual, { ...options, metric: 'auc', random: seededRandom(1) });
    expect(gain.low).toBeNaN();
    expect(gain.high).toBeNaN();
  });
});
