import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../../models/onnx/export-onnx.ts';
import { predict } from '../../../models/predict.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { modelOfRule, stageRule } from '../../../models/training/stage-rates.ts';
import { LEAST_SHIPMENTS, trainCategory } from '../../../models/training/train-category.ts';
import { matrixOf, type TrainingRow } from '../../../models/training/training-rows.ts';

const options = { stageColumn: 0, train: { trees: 30, maxLeaves: 6, learningRate: 0.2, featureFraction: 1 } };

/** Stage, a feature that tells, one that does not. */
const rowsOf = (
  shipments: number,
  chance: (tells: number, stage: number) => number,
  seed = 1,
): TrainingRow[] => {
  const random = seededRandom(seed);
  return Array.from({ length: shipments }, (_, at) => {
    const stage = [NaN, 0, 2][at % 3]!;
    const tells = random();
    const label = random() < chance(tells, stage) ? 1 : 0;
    return { features: Float32Array.of(stage, tells, random()), label, at, shipmentId: String(at) };
  });
};

describe('stageRule', () => {
  it('says the share of each stage, drawn towards that of all and the prior', () => {
    const rows = [
      ...Array.from({ length: 150 }, (_, at) => ({
        features: Float32Array.of(1),
        label: at < 10 ? 1 : 0,
        at,
      })),
      ...Array.from({ length: 30 }, (_, at) => ({ features: Float32Array.of(NaN), label: 0, at })),
    ];
    const model = modelOfRule(stageRule(rows, { stageColumn: 0, prior: 0.02 }), 1);
    const all = (10 + 50 * 0.02) / (180 + 50);
    const told = predict(model, Float32Array.of(1, NaN, 0, 7), 4);
    expect(told[0]).toBeCloseTo((10 + 50 * all) / 200, 6);
    expect(told[1]).toBeCloseTo((50 * all) / 80, 6);
    // A stage that was never seen is like all, or like the next one seen above it.
    expect(told[3]).toBeCloseTo(all, 6);
  });

  it('says the prior of what nobody has ever seen', () => {
    const model = modelOfRule(stageRule([], { stageColumn: 0, prior: 0.03 }), 2);
    expect(predict(model, Float32Array.of(1, 2), 1)[0]).toBeCloseTo(0.03, 6);
  });

  it('is a model file like any other', async () => {
    const rows = rowsOf(300, (_, stage) => (Number.isNaN(stage) ? 0.05 : stage === 0 ? 0.3 : 0.6));
    const model = modelOfRule(stageRule(rows, { stageColumn: 0, prior: 0.02 }), 3);
    const session = await ort.InferenceSession.create(exportOnnx(model));
    const matrix = matrixOf(rows);
    const { probabilities } = await session.run({
      features: new ort.Tensor('float32', matrix, [rows.length, 3]),
    });
    const ours = predict(model, matrix, rows.length);
    const theirs = Float32Array.from(ours, (_, row) => (probabilities!.data as Float32Array)[2 * row + 1]!);
    for (const [row, probability] of theirs.entries()) expect(probability).toBeCloseTo(ours[row]!, 6);
    await session.release();
  });
});

describe('trainCategory', () => {
  it('takes a model where it tells better than the share by stage, and says how good both are', () => {
    const { card } = trainCategory(
      rowsOf(3_000, (tells) => (tells > 0.8 ? 0.5 : 0.02)),
      options,
    );
    expect(card).toMatchObject({ how: 'model' });
    expect(card.shipments).toBeGreaterThan(LEAST_SHIPMENTS);
    expect(card.validation.logLoss).toBeLessThan(0.9 * card.rates.logLoss);
    expect(card.validation.rows).toBe(card.rates.rows);
  });

  it('keeps to the rule where there is nothing to be learned, and where it was seen too seldom', () => {
    const chance = trainCategory(
      rowsOf(3_000, () => 0.2),
      options,
    );
    expect(chance.card).toMatchObject({ how: 'rates', model: { rows: 3_000 } });
    const rare = trainCategory(
      rowsOf(1_000, (tells) => (tells > 0.95 ? 0.9 : 0)),
      options,
    );
    expect(rare.card).toMatchObject({ how: 'rates', model: null });
    expect(rare.card.shipments).toBeLessThan(LEAST_SHIPMENTS);
  });

  it('has something to say where it was never seen, and nothing without rows', () => {
    const { model, card } = trainCategory(
      rowsOf(200, () => 0),
      { ...options, prior: 0.01 },
    );
    expect(card).toMatchObject({ how: 'rates', shipments: 0, rate: 0 });
    const [told] = predict(model, Float32Array.of(0, 0.5, 0.5), 1);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(0.01);
    expect(() => trainCategory([], options)).toThrow(/^FW604 /);
  });
});
