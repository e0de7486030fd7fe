import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc } from '../../../models/quality.ts';
import { predict } from '../../../models/predict.ts';
import type { TrainingData } from '../../../models/training/boost.ts';
import { sample, seededRandom } from '../../../models/training/seeded-random.ts';
import { train, type TrainOptions } from '../../../models/training/train.ts';
import { leafOf } from '../../../models/tree-ensemble.ts';
import { noisyRows } from './noisy-rows.ts';

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
  const binary = (data: TrainingData, options: TrainOptions = {}) =>
    train(data, { ...options, objective: 'binary' });
  const treesOf = (data: TrainingData, options: TrainOptions = {}) =>
    binary(data, options).ensembles[0]?.trees ?? [];

  it('finds a law of two columns and of what is missing', () => {
    const model = binary(learned, { trees: 60 });
    const scores = predict(model, unseen.matrix, unseen.rows);
    // The law itself has noise: its own probabilities reach .84.
    expect(auc(unseen.labels, scores)).toBeGreaterThan(0.81);
    const [usual, missing] = [NaN, 0.5].map(
      (third) => predict(model, Float32Array.of(1, -1, third, 1, 0.5), 1)[0] ?? NaN,
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
    const [tree] = treesOf({ matrix, rows, columns: 2, labels }, options);
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
      binary(learned, {
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
    for (const tree of treesOf(learned, options)) {
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
    const model = binary(both, settings);
    const trees = model.ensembles[0]?.trees.length ?? NaN;
    expect(trees).toBeLessThan(100);
    const first = { matrix: both.matrix.slice(0, 1_500 * 5), rows: 1_500, columns: 5 };
    const alone = binary({ ...first, labels: both.labels.slice(0, 1_500) }, { ...settings, trees });
    expect(alone).toEqual(model);
  });

  it('stays finite when all labels are the same', () => {
    const model = binary({ ...learned, rows: 200, labels: new Uint8Array(200) }, { trees: 3 });
    const [score = NaN] = predict(model, learned.matrix, 1);
    expect(score).toBeGreaterThan(0);
    expect(score).toBeLessThan(0.01);
  });

  it('counts a row of weight 2 as the row twice', () => {
    const rows = 600;
    const weights = Float64Array.from({ length: rows }, (_, row) => 1 + (row % 2));
    const once = { ...learned, rows, labels: learned.labels.slice(0, rows) };
    const twice = Array.from({ length: rows }, (_, row) => Array<number>(weights[row] ?? 0).fill(row)).flat();
    const repeated = {
      rows: twice.length,
      columns: 5,
      matrix: Float32Array.from(twice.flatMap((row) => [...learned.matrix.subarray(row * 5, row * 5 + 5)])),
      labels: Uint8Array.from(twice, (row) => learned.labels[row] ?? 0),
    };
    // Rows in a leaf are counted, not weighed, and bins hold rows: neither may decide here.
    const options = { trees: 5, maxLeaves: 4, minDataInLeaf: 1, minHessian: 5 } as const;
    const weighed = predict(binary({ ...once, weights }, options), unseen.matrix, 200);
    const plain = predict(binary(once, options), unseen.matrix, 200);
    const wanted = predict(binary(repeated, options), unseen.matrix, 200);
    const distance = (from: Float32Array) =>
      wanted.reduce((sum, value, row) => sum + Math.abs(value - (from[row] ?? NaN)), 0) / 200;
    expect(distance(weighed)).toBeLessThan(distance(plain) / 3);
  });

  it('lifts a rare class by its weight', () => {
    const rare = { ...learned, labels: learned.labels.map((label, row) => (row % 10 === 0 ? label : 0)) };
    const mean = (options: TrainOptions) =>
      predict(binary(rare, { trees: 30, ...options }), unseen.matrix, 1_000).reduce((a, b) => a + b, 0) /
      1_000;
    expect(mean({})).toBeLessThan(0.1);
    expect(mean({ classWeights: 'balanced' })).toBeGreaterThan(0.2);
    expect(mean({ classWeights: [1, 3] })).toBeGreaterThan(2 * mean({}));
  });

  it('tells quantiles that as many labels lie below as their level says', () => {
    const random = seededRandom(3);
    const law = (rows: number) => {
      const matrix = Float32Array.from({ length: rows * 2 }, () => random());
      // Spread grows with the first column: 0 to 100 min.
      const labels = Float64Array.from(
        { length: rows },
        (_, row) => (matrix[row * 2 + 1] ?? 0) * 60 + (matrix[row * 2] ?? 0) * 100 * random(),
      );
      return { matrix, labels, rows, columns: 2 };
    };
    const levels = [0.1, 0.5, 0.9];
    const model = train(law(6_000), { objective: 'quantile', levels, trees: 60 });
    const later = law(3_000);
    const told = predict(model, later.matrix, later.rows);
    for (const [at, level] of levels.entries()) {
      const below = later.labels.filter((label, row) => label <= (told[row * 3 + at] ?? NaN)).length / 3_000;
      expect(Math.abs(below - level), `level ${level}`).toBeLessThan(0.03);
    }
    const widthAt = (first: number) => {
      const [low = NaN, , high = NaN] = predict(model, Float32Array.of(first, 0.5), 1);
      return high - low;
    };
    expect(Math.abs(widthAt(0.1) - 8)).toBeLessThan(8);
    expect(Math.abs(widthAt(0.9) - 72)).toBeLessThan(12);
  });

  it('tells which of several classes', () => {
    const labels = learned.labels.map((label, row) => ((learned.matrix[row * 5 + 3] ?? 0) > 1 ? 2 : label));
    const classes = ['weather', 'carrier', 'customs'];
    const model = train({ ...learned, labels }, { objective: 'multiclass', classes, trees: 30 });
    const told = predict(model, unseen.matrix, unseen.rows);
    let right = 0;
    for (let row = 0; row < unseen.rows; row++) {
      const of = told.subarray(row * 3, row * 3 + 3);
      expect(of.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      const wanted = (unseen.matrix[row * 5 + 3] ?? 0) > 1 ? 2 : (unseen.labels[row] ?? 0);
      if (of.indexOf(Math.max(...of)) === wanted) right++;
    }
    // A third of the rows is certain; of the others the law itself gets four of five.
    expect(right / unseen.rows).toBeGreaterThan(0.8);
  });

  it('tells of each round, and how the watched rows fared', () => {
    const heard: [number, number, boolean][] = [];
    const onProgress = ({ round, rounds, loss }: { round: number; rounds: number; loss: number | null }) =>
      heard.push([round, rounds, loss !== null && loss < 0.7]);
    binary(learned, { trees: 3, validateFrom: 3_000, onProgress });
    expect(heard).toEqual([1, 2, 3].map((round) => [round, 3, true]));
  });
});

describe('monotone columns', () => {
  const tasks = [{ objective: 'binary' }, { objective: 'quantile', levels: [0.2, 0.8] }] as const;

  it.each(tasks)('keep their promise whatever the data, $objective', (task) => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (seed, isRising) => {
        const random = seededRandom(seed);
        const rows = 400;
        const columns = 3;
        const matrix = Float32Array.from({ length: rows * columns }, () => Math.round(random() * 12));
        const noise = random();
        const labels = Float64Array.from({ length: rows }, (_, row) => {
          const [a = 0, b = 0, c = 0] = matrix.subarray(row * columns, row * columns + columns);
          return Math.sin(a) + (b > 6 ? a / 6 : -a / 9) * noise + c / 20 + random() > 0.6 ? 1 : 0;
        });
        const direction = isRising ? 1 : -1;
        const model = train(
          { matrix, rows, columns, labels },
          { ...task, trees: 12, minDataInLeaf: 3, learningRate: 0.4, monotone: [direction, 0, 0] },
        );
        for (let trial = 0; trial < 15; trial++) {
          const others = [Math.round(random() * 13), Math.round(random() * 13)];
          const points = Float32Array.from(Array.from({ length: 14 }, (_, a) => [a - 0.5, ...others]).flat());
          const told = predict(model, points, 14);
          const heads = told.length / 14;
          for (let at = heads; at < told.length; at++) {
            const step = (told[at] ?? NaN) - (told[at - heads] ?? NaN);
            expect(direction * step).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are worth something: without them the same data break it', () => {
    const rows = 500;
    const random = seededRandom(5);
    const matrix = Float32Array.from({ length: rows }, () => random() * 10);
    const labels = matrix.map((value) => (Math.sin(value) > 0 ? 1 : 0));
    const points = Float32Array.from({ length: 100 }, (_, at) => at / 10);
    const falls = (options: TrainOptions) => {
      const told = predict(
        train({ matrix, rows, columns: 1, labels }, { ...options, objective: 'binary' }),
        points,
        100,
      );
      return told.filter((value, at) => at > 0 && value < (told[at - 1] ?? NaN)).length;
    };
    expect(falls({})).toBeGreaterThan(0);
    expect(falls({ monotone: [1] })).toBe(0);
  });
});

describe('what does not fit', () => {
  const data = noisyRows(100, 4);
  const labels = Float64Array.from(data.labels);
  const withLabel = (label: number) => ({ ...data, labels: labels.with(17, label) });

  it.each([
    ['label 2 in row 17', () => train(withLabel(2), { objective: 'binary' })],
    ['label NaN in row 17', () => train(withLabel(NaN), { objective: 'quantile', levels: [0.5] })],
    ['label 0.5 in row 17', () => train(withLabel(0.5), { objective: 'multiclass', classes: ['a', 'b'] })],
    ['levels 0.9, 0.1', () => train(data, { objective: 'quantile', levels: [0.9, 0.1] })],
    ['1 classes', () => train(data, { objective: 'multiclass', classes: ['a'] })],
    ['featureFraction 0', () => train(data, { objective: 'binary', featureFraction: 0 })],
    ['monotone has 1 columns', () => train(data, { objective: 'binary', monotone: [1] })],
    [
      'column 3 is categorical and monotone',
      () =>
        train(data, {
          objective: 'binary',
          monotone: [0, 0, 0, 1, 0],
          categorical: [{ column: 3, encode: 'frequency' }],
        }),
    ],
    ['99 labels', () => train({ ...data, labels: labels.slice(1) }, { objective: 'binary' })],
    ['weight -1 in row 0', () => train({ ...data, weights: labels.map(() => -1) }, { objective: 'binary' })],
    ['3 class weights', () => train(data, { objective: 'binary', classWeights: [1, 2, 3] })],
    ['0 rows', () => train({ ...data, rows: 0 }, { objective: 'binary' })],
  ])('%s', (what, attempt) => {
    expect(attempt).toThrow(`FW606 training: ${what}`);
  });
});
