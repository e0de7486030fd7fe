import { describe, expect, it } from 'vitest';
import { MOST_WEIGHT, untreatedWeight } from '../../../domain/untreated.ts';
import { predict } from '../../../models/predict.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { trainEta } from '../../../models/training/train-eta.ts';
import { trainRisk } from '../../../models/training/train-risk.ts';
import { matrixOf, type TrainingRow } from '../../../models/training/training-rows.ts';

/**
 * Cases of which half are grave in a way that no feature shows, such as a buyer who must not wait. The policy sees it and
 * treats `propensity` of the grave; chance spares the others. Ungrave ones are let alone.
 */
const cases = (count: number, propensity: number, seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const x = random() * 2 - 1;
    const isGrave = random() < 0.5;
    const late = 1 / (1 + Math.exp(-(2 * x + (isGrave ? 2 : -2))));
    return {
      row: { features: Float32Array.of(x), at, shipmentId: String(at) },
      // What would come of it if nobody did anything.
      label: random() < late ? 1 : 0,
      minutes: (isGrave ? 300 : 0) + 40 * random(),
      treated: isGrave && random() < propensity,
      propensity: isGrave ? propensity : 0,
    };
  });
};
type Case = ReturnType<typeof cases>[number];

/** As they are logged: of the treated nobody knows how they would have ended. */
const learnable = (all: readonly Case[], label: (one: Case) => number, weighs: boolean): TrainingRow[] =>
  all
    .filter(({ treated }) => !treated)
    .map((one) => ({
      ...one.row,
      label: label(one),
      ...(weighs ? { weight: untreatedWeight(one) } : {}),
    }));

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const newer = cases(4_000, 0.8, 2);
const matrix = matrixOf(newer.map((one) => ({ ...one.row, label: 0 })));
const options = { train: { trees: 30, maxLeaves: 6, learningRate: 0.2, featureFraction: 1 } };

describe('rows that weigh what they stand for', () => {
  it('give the risk that all cases have, where those that were let alone are the harmless ones', () => {
    const older = cases(6_000, 0.8, 1);
    const truth = mean(newer.map(({ label }) => label));
    const told = (weighs: boolean): number => {
      const { model } = trainRisk(
        learnable(older, ({ label }) => label, weighs),
        options,
      );
      return mean(predict(model, matrix, newer.length));
    };
    expect(told(false)).toBeLessThan(truth - 0.12);
    expect(Math.abs(told(true) - truth)).toBeLessThan(0.03);
  });

  it('give an interval that holds for all cases', () => {
    const older = cases(6_000, 0.8, 3);
    const coverage = (weighs: boolean): number => {
      const { model } = trainEta(
        learnable(older, ({ minutes }) => minutes, weighs),
        options,
      );
      const told = predict(model, matrix, newer.length);
      return mean(
        newer.map(({ minutes }, row) => (minutes >= told[row * 3]! && minutes <= told[row * 3 + 2]! ? 1 : 0)),
      );
    };
    expect(coverage(true)).toBeGreaterThan(0.77);
    expect(coverage(false)).toBeLessThan(coverage(true) - 0.02);
  });

  it('let no row stand for more than the cap, nor any that chance would never have spared', () => {
    expect(untreatedWeight({ treated: false, propensity: 0.999 })).toBe(MOST_WEIGHT);
    expect(untreatedWeight({ treated: false, propensity: 1 })).toBe(MOST_WEIGHT);
    expect(untreatedWeight({ treated: true, propensity: 0.5 })).toBe(0);
  });
});
