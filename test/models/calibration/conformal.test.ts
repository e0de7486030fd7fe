import { describe, expect, it } from 'vitest';
import { conformalise } from '../../../models/calibration/conformal.ts';
import { coverageByStage, intervalQuality } from '../../../models/interval-quality.ts';
import { predict } from '../../../models/predict.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { trainEta } from '../../../models/training/train-eta.ts';
import type { TrainingRow } from '../../../models/training/training-rows.ts';

describe('conformalise', () => {
  it('takes the rank that the coverage asks for, at each stage with rows enough', () => {
    const labels = Float32Array.from({ length: 199 }, (_, row) => row + 1);
    const none = new Float32Array(199);
    const rows = { low: none, high: none, labels, matrix: none.map((_, row) => row % 2), columns: 1 };
    // ⌈200 · .9⌉ = the 180th of how far 1 to 199 lie above 0; stage 0 has 100 rows, ⌈101 · .9⌉ = the 91st: 181.
    expect(conformalise(rows, 0.9, 0)).toEqual({ column: 0, stages: [{ stage: 0, of: 181 }], rest: 180 });
    expect(conformalise({ ...rows, low: labels, high: labels }, 0.9, null).rest).toBe(0);
  });
});

describe('trainEta', () => {
  const random = seededRandom(21);
  /** Minutes late: wide at stage 1, narrow at stage 0, and with a tail that the features say nothing of. */
  const rows: TrainingRow[] = Array.from({ length: 5_000 }, (_, at) => {
    const [stage, known] = [Math.floor(random() * 2), random()];
    const label = known * 100 + (stage === 1 ? 80 : 8) * (random() - 0.5) * (random() < 0.1 ? 6 : 1);
    return { features: Float32Array.of(stage, known, random()), label, at, shipmentId: `s${at}` };
  });
  const { model, card } = trainEta(rows.slice(0, 4_000), {
    stageColumn: 0,
    train: { trees: 60, learningRate: 0.2, featureFraction: 1 },
  });

  it('gives an interval that holds on later rows as often as it says, at each stage', () => {
    const later = rows.slice(4_000);
    const told = predict(
      model,
      Float32Array.from(later.flatMap(({ features }) => [...features])),
      later.length,
    );
    const labels = later.map(({ label }) => label);
    const stages = later.map(({ features }) => String(features[0]));
    const byStage = coverageByStage(stages, labels, told, model.levels);
    for (const { coverage } of Object.values(byStage)) expect(Math.abs(coverage - 0.8)).toBeLessThan(0.06);
    expect(byStage['1']?.width).toBeGreaterThan(3 * (byStage['0']?.width ?? NaN));
    for (let at = 1; at < told.length; at++) {
      if (at % 3 !== 0) expect(told[at]).toBeGreaterThanOrEqual(told[at - 1] ?? NaN);
    }
  });

  it('says in its card what it found on rows that it had not used', () => {
    expect(card).toMatchObject({
      rows: 4_000,
      learnedRows: 2_800,
      validatedRows: 1_200,
      levels: [0.1, 0.5, 0.9],
    });
    expect(card.conformal.rows).toBe(600);
    expect(Math.abs(card.conformal.coverage - 0.8)).toBeLessThan(0.06);
    expect(Object.keys(card.byStage).toSorted()).toEqual(['0', '1']);
    expect(() => trainEta(rows.slice(0, 200))).toThrow(/^FW604 /);
  });

  it('measures pinball, width and coverage as its example says', () => {
    const one = intervalQuality([5], [1, 4, 6], [0.1, 0.5, 0.9]);
    expect(one).toMatchObject({ rows: 1, coverage: 1, width: 5 });
    for (const [at, loss] of [0.4, 0.5, 0.1].entries()) expect(one.pinball[at]).toBeCloseTo(loss, 10);
  });
});
