import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc } from '../../../models/quality.ts';
import { leafOf, predict } from '../../../models/tree-ensemble.ts';
import { binMatrix, binOf, missingBin } from '../../../models/training/bins.ts';
import { sample, seededRandom } from '../../../models/training/seeded-random.ts';
import { train } from '../../../models/training/train.ts';
import { noisyRows } from './noisy-rows.ts';

const anyFloat = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1, 2, 3));

describe('binMatrix', () => {
  it('puts every value on the side of every edge that `<=` says', () => {
    fc.assert(
      fc.property(fc.array(anyFloat, { minLength: 1, maxLength: 2_000 }), (values) => {
        const column = Float32Array.from(values);
        const { bins, edges } = binMatrix(column, column.length, 1);
        const cuts = edges[0] ?? expect.fail('no edges');
        expect(cuts.length).toBeLessThanOrEqual(253);
        for (const [row, value] of column.entries()) {
          const bin = bins[row] ?? -1;
          if (Number.isNaN(value)) expect(bin).toBe(missingBin);
          else {
            expect(bin).toBeLessThan(missingBin);
            for (const [cut, edge] of cuts.entries()) expect(value <= edge).toBe(bin <= cut);
          }
        }
      }),
    );
  });

  it('gives few distinct values a bin each and many about equal shares', () => {
    const few = Float32Array.of(3, 1, 2, 2, 1, Infinity, NaN);
    expect([...binMatrix(few, 7, 1).bins]).toEqual([2, 0, 1, 1, 0, 3, missingBin]);
    const many = Float32Array.from({ length: 25_400 }, (_, index) => index);
    const counts = new Map<number, number>();
    for (const bin of binMatrix(many, many.length, 1).bins) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(counts.size).toBe(254);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(110);
    expect(binOf(NaN, new Float32Array(0))).toBe(missingBin);
  });
});

describe('sample', () => {
  it('takes exactly as many as asked, in order', () => {
    const items = Int32Array.from({ length: 50 }, (_, index) => index);
    for (const count of [0, 1, 25, 50, 80]) {
      const taken = [...sample(items, count, seededRandom(count))];
      expect(taken).toHaveLength(Math.min(count, 50));
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken).toEqual(taken.toSorted((left, right) => left - right));
    }
  });
});

describe('train', () => {
  const learned = noisyRows(4_000, 1);
  const unseen = noisyRows(2_000, 2);

  it('finds a law of two columns and of what is missing', () => {
    const ensemble = train(learned.matrix, learned.rows, learned.columns, learned.labels, { trees: 60 });
    const scores = predict(ensemble, unseen.matrix, unseen.rows);
    // The law itself has noise: its own probabilities reach .84.
    expect(auc(unseen.labels, scores)).toBeGreaterThan(0.81);
    const [usual, missing] = [NaN, 0.5].map(
      (third) => predict(ensemble, Float32Array.of(1, -1, third, 1, 0.5), 1)[0] ?? NaN,
    );
    expect((usual ?? 0) - (missing ?? 0)).toBeGreaterThan(0.1);
  });

  it('first splits where a search through all thresholds does', () => {
    const random = seededRandom(9);
    const rows = 120;
    const matrix = Float32Array.from({ length: rows * 2 }, () => Math.round(random() * 20));
    const labels = Uint8Array.from({ length: rows }, (_, row) =>
      (matrix[row * 2 + 1] ?? 0) + random() * 8 > 12 ? 1 : 0,
    );
    const options = { trees: 1, maxLeaves: 2, minDataInLeaf: 5, lambda: 1 };
    const [tree] = train(matrix, rows, 2, labels, options).trees;
    const rate = (labels.reduce((sum, label) => sum + label, 0) + 0.5) / (rows + 1);
    const gainOf = (column: number, threshold: number): number => {
      const sums = [0, 0, 0, 0, 0, 0];
      for (let row = 0; row < rows; row++) {
        const side = (matrix[row * 2 + column] ?? 0) <= threshold ? 0 : 3;
        sums[side] = (sums[side] ?? 0) + rate - (labels[row] ?? 0);
        sums[side + 1] = (sums[side + 1] ?? 0) + rate * (1 - rate);
        sums[side + 2] = (sums[side + 2] ?? 0) + 1;
      }
      const [lg = 0, lh = 0, ln = 0, rg = 0, rh = 0, rn = 0] = sums;
      return ln < 5 || rn < 5 ? 0 : lg ** 2 / (lh + 1) + rg ** 2 / (rh + 1);
    };
    const candidates = [0, 1].flatMap((column) =>
      Array.from({ length: 20 }, (_, index) => gainOf(column, index + 0.5)),
    );
    const chosen = gainOf(tree?.feature[0] ?? NaN, tree?.threshold[0] ?? NaN);
    expect(chosen).toBeCloseTo(Math.max(...candidates), 4);
  });

  it('is the same again with the same seed and another with another', () => {
    const fit = (seed: number) =>
      train(learned.matrix, learned.rows, learned.columns, learned.labels, {
        trees: 5,
        seed,
        featureFraction: 0.6,
        baggingFraction: 0.5,
      });
    expect(fit(4)).toEqual(fit(4));
    expect(fit(4)).not.toEqual(fit(5));
  });

  it('keeps its limits: leaves, rows in a leaf, and covers that add up', () => {
    const options = { trees: 8, maxLeaves: 9, minDataInLeaf: 150 };
    const ensemble = train(learned.matrix, learned.rows, learned.columns, learned.labels, options);
    for (const tree of ensemble.trees) {
      const leaves = [...tree.left].filter((left) => left < 0).length;
      expect(leaves).toBeLessThanOrEqual(9);
      const counts = new Map<number, number>();
      for (let row = 0; row < learned.rows; row++) {
        const leaf = leafOf(tree, learned.matrix, row * learned.columns);
        counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
      }
      for (const [leaf, count] of counts) {
        // The trainer put the row where the finished tree puts it.
        expect(tree.cover[leaf]).toBe(count);
        expect(count).toBeGreaterThanOrEqual(150);
      }
      expect(tree.cover[0]).toBe(learned.rows);
    }
  });

  it('stops when the watched rows get no better, and learns nothing from them', () => {
    const both = noisyRows(3_000, 8);
    const settings = { trees: 300, patience: 10, learningRate: 0.3, validateFrom: 1_500 };
    const ensemble = train(both.matrix, both.rows, both.columns, both.labels, settings);
    expect(ensemble.trees.length).toBeLessThan(100);
    const alone = train(both.matrix.slice(0, 1_500 * 5), 1_500, 5, both.labels.slice(0, 1_500), {
      ...settings,
      validateFrom: 1_500,
      trees: ensemble.trees.length,
    });
    expect(alone).toEqual(ensemble);
  });

  it('stays finite when all labels are the same', () => {
    const ensemble = train(learned.matrix, 200, learned.columns, new Uint8Array(200), { trees: 3 });
    const [score = NaN] = predict(ensemble, learned.matrix, 1);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(0.01);
  });
});
