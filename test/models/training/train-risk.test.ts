import { describe, expect, it } from 'vitest';
import { trainCause } from '../../../models/training/train-cause.ts';
import {
  trainCauseInWorker,
  trainEtaInWorker,
  trainRiskInWorker,
} from '../../../models/training/train-in-worker.ts';
import { trainRisk } from '../../../models/training/train-risk.ts';
import type { BoostProgress } from '../../../models/training/boost.ts';
import type { BinaryModel } from '../../../models/model.ts';
import { predict } from '../../../models/predict.ts';
import { logLoss } from '../../../models/quality.ts';
import { labelsOf, matrixOf, type TrainingRow } from '../../../models/training/training-rows.ts';
import { noisyRows } from './noisy-rows.ts';

const rowsOf = (count: number, shipments: number): TrainingRow[] => {
  const { matrix, labels, columns } = noisyRows(count, 6);
  return Array.from({ length: count }, (_, row) => ({
    features: matrix.slice(row * columns, (row + 1) * columns),
    label: labels[row] ?? 0,
    at: row * 1_000,
    shipmentId: `s${row % shipments}`,
  }));
};

const small = { train: { trees: 30 } } as const;

describe('trainRisk', () => {
  const rows = rowsOf(2_000, 2_000);

  it('chooses by the newest rows, whatever order they come in', () => {
    const trained = trainRisk(rows, small);
    expect(trained.card).toMatchObject({
      rows: 2_000,
      learnedRows: 1_600,
      validatedRows: 400,
      from: 0,
      until: 1_999_000,
    });
    expect(trained.card.validation.auc).toBeGreaterThan(0.75);
    expect(trained.card.trees).toBe(trained.model.ensembles[0]?.trees.length);
    expect(trainRisk(rows.toReversed(), small)).toEqual(trained);
  });

  it('takes the threshold of the highest F1, or the lowest one that is precise enough', () => {
    const byF1 = trainRisk(rows, small).card;
    const precise = trainRisk(rows, { ...small, threshold: 0.8 }).card;
    expect(precise.alarm.precision).toBeGreaterThanOrEqual(0.8);
    expect(precise.threshold).toBeGreaterThan(byF1.threshold);
    expect(precise.alarm.f1).toBeLessThanOrEqual(byF1.alarm.f1);
    // No threshold is that precise: it says so and takes a half.
    expect(trainRisk(rows, { ...small, threshold: 1.1 }).card).toMatchObject({ threshold: 0.5 });
  });

  it('never validates on a shipment that it learned from', () => {
    // 10 shipments, all with rows in both parts.
    const { card, model } = trainRisk(rowsOf(2_000, 10), small);
    expect(card).toMatchObject({ learnedRows: 1_600, validatedRows: 0, threshold: 0.5 });
    expect(card.trees).toBe(100);
    expect(model.calibration).toBeNull();
  });

  it('mends probabilities that class weights have pulled off, and measures it on other rows', () => {
    const many = rowsOf(6_000, 6_000);
    const { card, model } = trainRisk(many, { train: { trees: 40, classWeights: [1, 5] } });
    expect(model.calibration?.rest.kind).not.toBe('none');
    expect(card.calibration.errorBefore).toBeGreaterThan(0.1);
    expect(card.calibration.errorAfter).toBeLessThan(card.calibration.errorBefore / 2);
    expect(card.calibration.curve.reduce((sum, { rows: of }) => sum + of, 0)).toBe(600);
  });

  it('goes on from the trees of before where the world has changed a little, and begins anew where it is another', () => {
    const parent = trainRisk(rowsOf(6_000, 6_000)).model;
    const from = parent.ensembles[0]!;
    // Shipments of the lowest fifth are late now, whatever else is known of them.
    const isBad = ({ features }: TrainingRow): boolean => features[4]! < 0.2;
    const changed = (count: number): TrainingRow[] =>
      rowsOf(count, count).map((row) => (isBad(row) ? { ...row, label: 1 } : row));
    const few = changed(700);
    const later = changed(5_000).slice(1_000);
    const lossOf = (model: BinaryModel): number => {
      const scores = predict(model, matrixOf(later), later.length);
      return logLoss(labelsOf(later), scores);
    };
    const continued = trainRisk(few, { from });
    const anew = trainRisk(few);
    expect(continued.card).toMatchObject({ parentTrees: from.trees.length });
    expect(continued.card.trees).toBeGreaterThan(from.trees.length);
    expect(continued.card.trees).toBeLessThanOrEqual(2 * from.trees.length);
    expect(continued.model.ensembles[0]!.trees.slice(0, from.trees.length)).toEqual(from.trees);
    expect(lossOf(continued.model)).toBeLessThan(Math.min(lossOf(parent), lossOf(anew.model)));

    const inverted = few.map((row) => ({ ...row, label: 1 - row.label }));
    expect(trainRisk(inverted, { from })).toEqual(trainRisk(inverted));
  });

  it('refuses rows with one label only', () => {
    const punctual = rows.map((row) => ({ ...row, label: 0 }));
    expect(() => trainRisk(punctual)).toThrow(/^FW604 /);
    expect(() => trainRisk([])).toThrow(/^FW604 /);
  });
});

describe('trainCause', () => {
  const classes = ['weather', 'carrier', 'customs'];
  const rows = rowsOf(2_000, 2_000).map((row) => ((row.features[3] ?? 0) > 1 ? { ...row, label: 2 } : row));

  it('knows causes better than their shares do, and says how well each', () => {
    const { card, model } = trainCause(rows, { classes, train: { trees: 60, featureFraction: 1 } });
    expect(model.classes).toEqual(classes);
    expect(card.logLoss).toBeLessThan(0.7 * card.logLossOfShares);
    expect(card.accuracy).toBeGreaterThan(0.8);
    const customs = card.byClass[2] ?? expect.fail('no class');
    expect(customs.name).toBe('customs');
    expect(Math.min(customs.precision, customs.recall)).toBeGreaterThan(0.95);
    expect(card.byClass.reduce((sum, { rows: of }) => sum + of, 0)).toBe(card.validatedRows);
  });

  it('refuses one class, and rows that none are left of to judge by', () => {
    expect(() =>
      trainCause(
        rows.map((row) => ({ ...row, label: 1 })),
        { classes },
      ),
    ).toThrow(/^FW604 /);
    expect(() => trainCause(rows, { classes, validationShare: 0 })).toThrow(/^FW604 /);
  });
});

describe('training in a worker', () => {
  it('does the same in a thread of its own, tells of its progress, and lets this one go on', async () => {
    const rows = rowsOf(5_000, 5_000);
    const heard: BoostProgress[] = [];
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const trained = await trainRiskInWorker(rows, small, { onProgress: (of) => heard.push(of) });
    clearInterval(turning);
    expect(trained).toEqual(trainRisk(rows, small));
    expect(turns).toBeGreaterThan(3);
    expect(heard.length).toBeGreaterThanOrEqual(trained.card.trees);
    expect(heard[0]).toMatchObject({ round: 1, rounds: 30 });
    expect(heard[0]?.loss).toBeLessThan(0.7);
  });

  it('trains intervals and causes there too', async () => {
    const rows = rowsOf(1_200, 1_200);
    const [eta, cause] = await Promise.all([
      trainEtaInWorker(rows, { train: { trees: 3 } }),
      trainCauseInWorker(rows, { classes: ['a', 'b'], train: { trees: 3 } }),
    ]);
    expect(eta.model.ensembles).toHaveLength(3);
    expect(cause.card.byClass.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('says with FW607 that its thread died', async () => {
    const workerFile = new URL('dying-worker.ts', import.meta.url);
    const dying = trainRiskInWorker(rowsOf(10, 10), {}, { workerFile });
    await expect(dying).rejects.toMatchObject({ code: 'FW607', retry: true });
  });

  it("brings the worker's error here, and ends when it is called off, before and midway", async () => {
    await expect(trainRiskInWorker([])).rejects.toThrow(/FW604/);
    const rows = rowsOf(4_000, 4_000);
    const off = { signal: AbortSignal.abort() };
    await expect(trainRiskInWorker(rows, {}, off)).rejects.toMatchObject({ name: 'AbortError' });
    const controller = new AbortController();
    const midway = trainRiskInWorker(
      rows,
      { train: { trees: 100_000, patience: 100_000, learningRate: 1e-6 } },
      { signal: controller.signal, onProgress: ({ round }) => round === 3 && controller.abort() },
    );
    await expect(midway).rejects.toMatchObject({ name: 'AbortError' });
  });
});
