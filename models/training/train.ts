import { leafOf, type Tree, type TreeEnsemble } from '../tree-ensemble.ts';
import { binMatrix } from './bins.ts';
import { type GrowOptions, TreeGrower } from './tree-grower.ts';
import { sample, seededRandom } from './seeded-random.ts';

export interface TrainOptions extends Partial<GrowOptions> {
  readonly trees?: number;
  /** Share of columns that each tree may use, and of rows that it sees. */
  readonly featureFraction?: number;
  readonly baggingFraction?: number;
  readonly seed?: number;
  /** Rows from this one on are not learned from but watched: training stops when they no longer get better. */
  readonly validateFrom?: number;
  /** Trees without progress on the watched rows before it stops. */
  readonly patience?: number;
}

export const trainDefaults = {
  trees: 100,
  learningRate: 0.1,
  maxLeaves: 31,
  minDataInLeaf: 20,
  minHessian: 1e-3,
  lambda: 1,
  minGain: 1e-7,
  featureFraction: 1,
  baggingFraction: 1,
  seed: 1,
  patience: 20,
} as const satisfies TrainOptions;

/**
 * Gradient boosting of log-loss on a row-major matrix, NaN for missing. The same input, options and seed give
 * the same trees, bit for bit. With `validateFrom`, only the trees up to the best log-loss on the watched rows
 * are kept.
 */
export const train = (
  matrix: Float32Array,
  rows: number,
  columns: number,
  labels: Uint8Array,
  options: TrainOptions = {},
): TreeEnsemble => {
  const settings = { ...trainDefaults, ...options };
  const learned = Math.min(settings.validateFrom ?? rows, rows);
  const data = binMatrix(matrix.subarray(0, learned * columns), learned, columns);
  const grower = new TreeGrower(data, settings);
  const random = seededRandom(settings.seed);
  const allRows = Int32Array.from({ length: learned }, (_, row) => row);
  const allColumns = Int32Array.from({ length: columns }, (_, column) => column);
  const base = logOdds(labels.subarray(0, learned));
  const scores = new Float64Array(rows).fill(base);
  const gradients = new Float64Array(learned);
  const hessians = new Float64Array(learned);
  const trees: Tree[] = [];
  let bestLoss = Infinity;
  let bestTrees = 0;
  while (trees.length < settings.trees) {
    for (let row = 0; row < learned; row++) {
      const probability = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
      gradients[row] = probability - (labels[row] ?? 0);
      hessians[row] = probability * (1 - probability);
    }
    const seen =
      settings.baggingFraction < 1
        ? sample(allRows, Math.ceil(learned * settings.baggingFraction), random)
        : allRows.slice();
    const used =
      settings.featureFraction < 1
        ? sample(allColumns, Math.ceil(columns * settings.featureFraction), random)
        : allColumns;
    const tree = grower.grow(gradients, hessians, seen, used);
    trees.push(tree);
    for (let row = 0; row < rows; row++) {
      scores[row] = (scores[row] ?? 0) + (tree.value[leafOf(tree, matrix, row * columns)] ?? 0);
    }
    if (learned === rows) continue;
    const loss = logLoss(scores, labels, learned);
    if (loss < bestLoss) {
      bestLoss = loss;
      bestTrees = trees.length;
    } else if (trees.length - bestTrees >= settings.patience) break;
  }
  return { columns, base, trees: learned === rows ? trees : trees.slice(0, bestTrees) };
};

/** Of the share of ones, rounded to float32 and kept finite when all labels are the same. */
const logOdds = (labels: Uint8Array): number => {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  const share = (ones + 0.5) / (labels.length + 1);
  return Math.fround(Math.log(share / (1 - share)));
};

const logLoss = (scores: Float64Array, labels: Uint8Array, from: number): number => {
  let sum = 0;
  for (let row = from; row < scores.length; row++) {
    const score = labels[row] === 1 ? -(scores[row] ?? 0) : (scores[row] ?? 0);
    // ln(1 + e^score) without overflow.
    sum += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
  }
  return sum / (scores.length - from);
};
