import { describe, expect, it } from 'vitest';
import { trainFromRows, type TrainingRow } from '../../../models/training/train-from-rows.ts';
import { trainInWorker } from '../../../models/training/train-in-worker.ts';
import { noisyRows } from './noisy-rows.ts';

const rowsOf = (count: number, shipments: number): TrainingRow[] => {
  const { matrix, labels, columns } = noisyRows(count, 6);
  return Array.from({ length: count }, (_, row) => ({
    features: matrix.slice(row * columns, (row + 1) * columns),
    label: labels[row] === 1 ? 1 : 0,
    at: row * 1_000,
    shipmentId: `s${row % shipments}`,
  }));
};

const small = { train: { trees: 30 } } as const;

describe('trainFromRows', () => {
  const rows = rowsOf(2_000, 2_000);

  it('chooses by the newest rows, whatever order they come in', () => {
    const trained = trainFromRows(rows, small);
    expect(trained.card).toMatchObject({
      rows: 2_000,
      learnedRows: 1_600,
      validatedRows: 400,
      from: 0,
      until: 1_999_000,
    });
    expect(trained.card.validation.auc).toBeGreaterThan(0.75);
    expect(trained.card.trees).toBe(trained.ensemble.trees.length);
    expect(trainFromRows(rows.toReversed(), small)).toEqual(trained);
  });

  it('takes the threshold of the highest F1, or the lowest one that is precise enough', () => {
    const byF1 = trainFromRows(rows, small).card;
    const precise = trainFromRows(rows, { ...small, threshold: 0.8 }).card;
    expect(precise.alarm.precision).toBeGreaterThanOrEqual(0.8);
    expect(precise.threshold).toBeGreaterThan(byF1.threshold);
    expect(precise.alarm.f1).toBeLessThanOrEqual(byF1.alarm.f1);
    // No threshold is that precise: it says so and takes a half.
    expect(trainFromRows(rows, { ...small, threshold: 1.1 }).card).toMatchObject({ threshold: 0.5 });
  });

  it('never validates on a shipment that it learned from', () => {
    // 10 shipments, all with rows in both parts.
    const { card } = trainFromRows(rowsOf(2_000, 10), small);
    expect(card).toMatchObject({ learnedRows: 1_600, validatedRows: 0, threshold: 0.5 });
    expect(card.trees).toBe(100);
  });

  it('refuses rows with one label only', () => {
    const punctual = rows.map((row) => ({ ...row, label: 0 as const }));
    expect(() => trainFromRows(punctual)).toThrow(/^FW604 /);
    expect(() => trainFromRows([])).toThrow(/^FW604 /);
  });
});

describe('trainInWorker', () => {
  it('does the same in a thread of its own while this one goes on', async () => {
    const rows = rowsOf(1_000, 1_000);
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const trained = await trainInWorker(rows, small);
    clearInterval(turning);
    expect(trained).toEqual(trainFromRows(rows, small));
    expect(turns).toBeGreaterThan(3);
  });

  it("brings the worker's error here, and ends when it is called off", async () => {
    await expect(trainInWorker([])).rejects.toThrow(/FW604/);
    const off = AbortSignal.abort();
    await expect(trainInWorker(rowsOf(100, 100), {}, off)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
