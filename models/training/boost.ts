import { addUp, leafOf, type Tree, type TreeEnsemble } from '../tree-ensemble.ts';
import { binMatrix } from './bins.ts';
import type { Objective } from './objective.ts';
import { packSums } from './packed-sums.ts';
import { sample, seededRandom } from './seeded-random.ts';
import { type GrowOptions, type LeafValue, TreeGrower } from './tree-grower.ts';

/** Rows to learn from, row-major, NaN for missing. */
export interface TrainingData {
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** 0 or 1, minutes, or a class from 0 on. */
  readonly labels: ArrayLike<number>;
  /** How much each row counts; all alike where left out. */
  readonly weights?: ArrayLike<number>;
}

export interface BoostProgress {
  readonly round: number;
  readonly rounds: number;
  /** Mean loss on the watched rows; null where none are watched. */
  readonly loss: number | null;
}

export interface BoostOptions extends GrowOptions {
  /** Rounds, of one tree for each head. */
  readonly trees: number;
  /** Share of columns that each tree may use, and of rows that it sees. */
  readonly featureFraction: number;
  readonly baggingFraction: number;
  readonly seed: number;
  /** Rows from this one on are not learned from but watched: training stops when they no longer get better. */
  readonly validateFrom?: number;
  /** Rounds without progress on the watched rows before it stops. */
  readonly patience: number;
  /** Trees that it goes on from, one ensemble for each head: they stay as they are, and what follows corrects them. */
  readonly from?: readonly TreeEnsemble[];
  readonly onProgress?: (progress: BoostProgress) => void;
}

/**
 * Gradient boosting on a matrix: one ensemble for each head of the objective. The same input, options and seed give the
 * same trees, bit for bit. With `validateFrom`, only the rounds up to the least loss on the watched rows are kept: none, if
 * none makes less of it than the trees that it goes on from.
 */
export const boost = (
  { matrix, rows, columns, ...data }: TrainingData,
  objective: Objective,
  options: BoostOptions,
): TreeEnsemble[] => {
  const learned = Math.min(options.validateFrom ?? rows, rows);
  const labels = Float64Array.from(data.labels);
  const weights =
    data.weights === undefined ? new Float64Array(rows).fill(1) : Float64Array.from(data.weights);
  const grower = new TreeGrower(binMatrix(matrix.subarray(0, learned * columns), learned, columns), options);
  const random = seededRandom(options.seed);
  const allRows = Int32Array.from({ length: learned }, (_, row) => row);
  const allColumns = Int32Array.from({ length: columns }, (_, column) => column);
  const { from } = options;
  const bases =
    from?.map(({ base }) => base) ??
    objective.start(labels.subarray(0, learned), weights.subarray(0, learned)).map(Math.fround);
  const scores = bases.map((base, head) =>
    from === undefined
      ? new Float64Array(rows).fill(base)
      : Float64Array.from(addUp(from[head]!, matrix, rows, new Float32Array(rows))),
  );
  const [gradients, hessians] = [perHead(objective, learned), perHead(objective, learned)];
  const trees = bases.map((): Tree[] => []);

  const growOne = (head: number): void => {
    const order =
      options.baggingFraction < 1
        ? sample(allRows, Math.ceil(learned * options.baggingFraction), random)
        : allRows;
    const used =
      options.featureFraction < 1
        ? sample(allColumns, Math.ceil(columns * options.featureFraction), random)
        : allColumns;
    const score = scores[head]!;
    const leafValue: LeafValue | undefined =
      objective.leafValue &&
      ((of) =>
        objective.leafValue!(
          head,
          eachOf(of, (row) => labels[row]! - score[row]!),
          eachOf(of, (row) => weights[row]!),
        ));
    const tree = grower.grow(
      packSums(gradients[head]!, hessians[head]!, grower.pairs),
      order,
      used,
      leafValue,
    );
    trees[head]!.push(tree);
    const seenAll = order.length === learned;
    if (seenAll) {
      grower.eachLeaf((node, of) => {
        for (let index = 0; index < of.length; index++) score[of[index]!]! += tree.value[node]!;
      });
    }
    for (let row = seenAll ? learned : 0; row < rows; row++) {
      score[row]! += tree.value[leafOf(tree, matrix, row * columns)]!;
    }
  };

  const isWatched = learned < rows;
  let least = from !== undefined && isWatched ? objective.loss(scores, labels, weights, learned) : Infinity;
  let kept = 0;
  for (let round = 1; round <= options.trees; round++) {
    objective.derive(scores, labels, weights, gradients, hessians);
    for (const head of bases.keys()) growOne(head);
    const loss = isWatched ? objective.loss(scores, labels, weights, learned) : null;
    options.onProgress?.({ round, rounds: options.trees, loss });
    if (loss === null || loss < least) {
      least = loss ?? least;
      kept = round;
    } else if (round - kept >= options.patience) break;
  }
  return bases.map((base, head) => ({
    columns,
    base,
    trees: [...(from?.[head]!.trees ?? []), ...trees[head]!.slice(0, kept)],
  }));
};

const perHead = ({ heads }: Objective, rows: number): Float64Array[] =>
  Array.from({ length: heads }, () => new Float64Array(rows));

/** `Float64Array.from` takes ten times as long. */
const eachOf = (rows: Int32Array, value: (row: number) => number): Float64Array => {
  const values = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) values[index] = value(rows[index]!);
  return values;
};
