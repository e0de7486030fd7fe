import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  alarmCurve,
  auc,
  averagePrecision,
  brier,
  calibrationCurve,
  calibrationError,
  logLoss,
} from '../../models/quality.ts';

const golden = join(import.meta.dirname, '../../../shared/golden/ml_misc.json');
const hasGolden = existsSync(golden);
if (!hasGolden)
  console.warn('skipped: quality against scikit-learn, ../shared/golden/ml_misc.json is not here');

const goldenFile = z.object({
  binary: z.object({
    y: z.array(z.number()),
    p: z.array(z.number()),
    roc_auc: z.number(),
    average_precision: z.number(),
    brier: z.number(),
    log_loss: z.number(),
    ece10_equal_width: z.number(),
  }),
});

const rowsWithTies = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 })), {
  minLength: 1,
  maxLength: 40,
});

describe('quality', () => {
  it.skipIf(!hasGolden)('is what scikit-learn says, ties included', () => {
    const { binary } = goldenFile.parse(JSON.parse(readFileSync(golden, 'utf8')));
    expect(auc(binary.y, binary.p)).toBeCloseTo(binary.roc_auc, 10);
    expect(averagePrecision(binary.y, binary.p)).toBeCloseTo(binary.average_precision, 10);
    expect(brier(binary.y, binary.p)).toBeCloseTo(binary.brier, 10);
    expect(logLoss(binary.y, binary.p)).toBeCloseTo(binary.log_loss, 10);
    expect(calibrationError(binary.y, binary.p)).toBeCloseTo(binary.ece10_equal_width, 10);
    const curve = calibrationCurve(binary.y, binary.p);
    const error = curve.reduce((sum, { told, rate, rows }) => sum + Math.abs(told - rate) * rows, 0);
    expect(error / binary.y.length).toBeCloseTo(binary.ece10_equal_width, 10);
  });

  it('gives the numbers of its own examples', () => {
    expect(auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8])).toBe(0.875);
    expect(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBeCloseTo(0.8333, 4);
    expect(brier([0, 1], [0.5, 0.75])).toBe(0.15625);
    expect(auc([1, 1], [0.1, 0.2])).toBeNaN();
    expect(averagePrecision([0], [0.1])).toBeNaN();
  });

  it('has the AUC that counting all pairs gives', () => {
    fc.assert(
      fc.property(rowsWithTies, (rows) => {
        const ones = rows.filter(([label]) => label === 1);
        const zeros = rows.filter(([label]) => label === 0);
        fc.pre(ones.length > 0 && zeros.length > 0);
        const wins = ones.flatMap(([, one]) =>
          zeros.map(([, zero]) => (one > zero ? 1 : one === zero ? 0.5 : 0)),
        );
        const pairs = wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
        const [labels, scores] = [rows.map(([label]) => label), rows.map(([, score]) => score)];
        expect(auc(labels, scores)).toBeCloseTo(pairs, 10);
      }),
    );
  });

  it('has in its alarm curve what a threshold truly raises', () => {
    fc.assert(
      fc.property(rowsWithTies, (rows) => {
        const [labels, scores] = [rows.map(([label]) => label), rows.map(([, score]) => score)];
        for (const { threshold, precision, recall } of alarmCurve(labels, scores)) {
          const raised = rows.filter(([, score]) => score >= threshold);
          const hits = raised.filter(([label]) => label === 1).length;
          const late = labels.filter((label) => label === 1).length;
          expect(precision).toBeCloseTo(hits / raised.length, 10);
          expect(recall).toBeCloseTo(late === 0 ? 0 : hits / late, 10);
        }
      }),
    );
  });
});
