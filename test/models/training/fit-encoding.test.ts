import { describe, expect, it } from 'vitest';
import { encodeCategories } from '../../../models/category-encoding.ts';
import { auc } from '../../../models/quality.ts';
import { predict } from '../../../models/predict.ts';
import { fitEncodings } from '../../../models/training/fit-encoding.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';
import { train } from '../../../models/training/train.ts';

describe('fitEncodings', () => {
  it('ranks by frequency, in serving as in training; the unseen are missing', () => {
    const matrix = Float32Array.of(7, 7, 3, 9, 9, 9, NaN);
    const fitted = fitEncodings([{ column: 0, encode: 'frequency' }], matrix, 7, 1, new Uint8Array(7), 7);
    expect([...fitted.matrix]).toEqual([1, 1, 2, 0, 0, 0, NaN]);
    expect([...encodeCategories(fitted.encodings, matrix, 7, 1)]).toEqual([...fitted.matrix]);
    expect([...encodeCategories(fitted.encodings, Float32Array.of(4), 1, 1)]).toEqual([NaN]);
  });

  it('never shows a row its own label, and serves the mean of all', () => {
    const matrix = new Float32Array(6).fill(5);
    const categorical = [{ column: 0, encode: 'target', smoothing: 1 }] as const;
    const fitted = fitEncodings(categorical, matrix, 6, 1, [1, 1, 0, 1, 0, 0], 5);
    // (ones before + mean before) ÷ (rows before + 1): 0, then 1 of 1, 2 of 2, 2 of 3, 3 of 4.
    const wanted = [0, 2 / 2, 3 / 3, (2 + 2 / 3) / 4, (3 + 3 / 4) / 5, (3 + 3 / 5) / 6];
    for (const [row, value] of wanted.entries()) expect(fitted.matrix[row]).toBeCloseTo(value, 6);
    // Row 5 is watched, not learned from: it is encoded as in serving.
    expect(encodeCategories(fitted.encodings, matrix, 1, 1)[0]).toBe(fitted.matrix[5]);
    const otherLabel = fitEncodings(categorical, matrix, 6, 1, [1, 1, 0, 1, 1, 0], 5);
    expect(otherLabel.matrix[4]).toBe(fitted.matrix[4]);
  });

  it('finds what a category with many codes is worth, and learns nothing from codes of chance', () => {
    const random = seededRandom(8);
    const rows = 8_000;
    const matrix = Float32Array.from({ length: rows * 2 }, () => Math.floor(random() * 400));
    const risk = Array.from({ length: 400 }, () => random());
    const labels = Uint8Array.from({ length: rows }, (_, row) =>
      random() < (risk[matrix[row * 2] ?? 0] ?? 0) ? 1 : 0,
    );
    const aucWith = (encode: 'target' | 'frequency', column: number) => {
      const model = train(
        { matrix, rows, columns: 2, labels },
        { objective: 'binary', trees: 40, validateFrom: 6_000, categorical: [{ column, encode }] },
      );
      return auc(labels.subarray(6_000), predict(model, matrix.subarray(12_000), 2_000));
    };
    expect(aucWith('target', 0)).toBeGreaterThan(0.75);
    const chance = train(
      { matrix: matrix.filter((_, at) => at % 2 === 1), rows, columns: 1, labels },
      { objective: 'binary', trees: 40, categorical: [{ column: 0, encode: 'target' }] },
    );
    const onItsOwn = predict(
      chance,
      matrix.filter((_, at) => at % 2 === 1),
      rows,
    );
    expect(auc(labels, onItsOwn)).toBeLessThan(0.65);
  });
});
