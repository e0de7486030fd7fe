import { describe, expect, it } from 'vitest';
import { calibrate } from '../../../models/calibration/calibration.ts';
import type { BinaryModel, Model } from '../../../models/model.ts';
import { marginsOf, predict } from '../../../models/predict.ts';
import { train } from '../../../models/training/train.ts';
import { noisyRows } from '../training/noisy-rows.ts';
import { oddRows } from './odd-rows.ts';
import { furthest, onnxScores } from './onnx-scores.ts';

/** The richest of each kind meets many rows, its variants fewer: the test as a whole should take seconds. */
const [many, fewer] = [100_000, 20_000];
const learned = noisyRows(3_000, 7);
const watched = noisyRows(6_000, 8);
const minutes = Float64Array.from(
  learned.labels,
  (label, row) => (learned.matrix[row * 5 + 1] ?? 0) * 500 + label * 90,
);
const causes = learned.labels.map((label, row) => label + ((learned.matrix[row * 5 + 3] ?? 0) > 1 ? 1 : 0));

const plain = train(learned, { objective: 'binary', trees: 25 });

const calibratedBy = (model: BinaryModel, stageColumn: number | null): BinaryModel => {
  const margins = marginsOf(model, watched.matrix, watched.rows);
  return { ...model, calibration: calibrate({ ...watched, margins }, stageColumn) };
};

/** Pulled off by class weights, so that every stage needs a curve. */
const leaning = train(learned, { objective: 'binary', trees: 25, classWeights: [1, 4] });
const isotonicOnly = calibratedBy(leaning, null).calibration;

const quantile = train(
  { ...learned, labels: minutes },
  { objective: 'quantile', levels: [0.1, 0.5, 0.9], trees: 25 },
);

const models: Record<string, Model> = {
  'a binary model': plain,
  'one with encoded categories': train(learned, {
    objective: 'binary',
    trees: 25,
    categorical: [
      { column: 3, encode: 'target' },
      { column: 1, encode: 'frequency' },
    ],
  }),
  'one calibrated as a whole': { ...leaning, calibration: isotonicOnly },
  'one calibrated by stage': calibratedBy(leaning, 3),
  'one calibrated by stage, where not known is a stage': {
    ...leaning,
    calibration: {
      column: 2,
      stages: [
        { stage: NaN, of: { kind: 'platt', slope: 0.5, offset: -0.25 } },
        { stage: 3, of: isotonicOnly?.rest ?? expect.fail('no curve') },
        { stage: 0, of: { kind: 'isotonic', x: [-1, -0.9990000128746033, 2], y: [0.125, 0.75, 0.875] } },
      ],
      rest: { kind: 'none' },
    },
  },
  'three quantiles': quantile,
  'an interval moved by stage': {
    ...quantile,
    conformal: {
      column: 3,
      stages: [
        { stage: NaN, of: 12.5 },
        { stage: 1, of: -300 },
      ],
      rest: 60.25,
    },
  },
  'several classes': train(
    { ...learned, labels: causes },
    { objective: 'multiclass', classes: ['a', 'b', 'c'], trees: 20 },
  ),
  'two classes': train(learned, { objective: 'multiclass', classes: ['a', 'b'], trees: 10 }),
};

const inFull = new Set(['one calibrated by stage', 'an interval moved by stage', 'several classes']);

describe('exportOnnx', () => {
  it.each(Object.entries(models))('is what our own predictor says of odd rows: %s', async (name, model) => {
    const rows = inFull.has(name) ? many : fewer;
    const matrix = oddRows(model, rows, 11);
    const ours = predict(model, matrix, rows);
    // A calibrated model has plateaus.
    expect(new Set(ours).size).toBeGreaterThan(40);
    expect(furthest(ours, await onnxScores(model, matrix, rows))).toBeLessThan(1e-6);
  });

  it('gives the base rate when no tree was grown', async () => {
    const trees = [oneLeaf(0)];
    const base = Math.fround(Math.log(0.25 / 0.75));
    const model: BinaryModel = { ...plain, columns: 2, ensembles: [{ columns: 2, base, trees }] };
    const [score] = await onnxScores(model, Float32Array.of(1, NaN), 1);
    expect(score).toBeCloseTo(0.25, 6);
  });
});

const oneLeaf = (value: number) => ({
  feature: Int32Array.of(0),
  threshold: Float32Array.of(0),
  missingLeft: Uint8Array.of(0),
  left: Int32Array.of(-1),
  right: Int32Array.of(-1),
  value: Float32Array.of(value),
  cover: Float64Array.of(1),
});
