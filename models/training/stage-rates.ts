import type { BinaryModel } from '../model.ts';
import { newTree, type Tree } from '../tree-ensemble.ts';
import type { TrainingRow } from './training-rows.ts';

export interface StageRatesOptions {
  /** Column whose values are stages; null: all rows alike. */
  readonly stageColumn: number | null;
  /** What is likely before anything is known. */
  readonly prior: number;
  /** How many rows the prior weighs. */
  readonly priorRows?: number;
}

/** What a share was learned from. */
export interface StageRate {
  /** Null where the column is missing. */
  readonly stage: number | null;
  readonly rate: number;
  readonly rows: number;
}

export interface StageRule {
  readonly column: number;
  /** The missing one first, the others as they rise. */
  readonly stages: readonly StageRate[];
  /** Of a stage that was never seen. */
  readonly otherwise: number;
  readonly rows: number;
}

/**
 * Of each stage the share that it came to, drawn towards the share of all, and that towards the prior; (hits + k · prior) ÷
 * (rows + k). Of no rows at all the prior stands. With k = 50 and prior .02: 10 of 150 rows → 5.5 %; at a stage of 30 rows
 * without any → (0 + 50 · .055) ÷ 80 = 3.4 %.
 */
export const stageRule = (
  rows: readonly TrainingRow[],
  { stageColumn, prior, priorRows = 50 }: StageRatesOptions,
): StageRule => {
  const rateOf = (of: readonly TrainingRow[], towards: number): number => {
    const sum = (value: (row: TrainingRow) => number) => of.reduce((total, row) => total + value(row), 0);
    const hits = sum(({ label, weight = 1 }) => label * weight);
    return (hits + priorRows * towards) / (sum(({ weight = 1 }) => weight) + priorRows);
  };
  const otherwise = rateOf(rows, prior);
  const found =
    stageColumn === null
      ? []
      : [...new Set(rows.map(({ features }) => features[stageColumn]!))].sort((left, right) =>
          Number.isNaN(left) ? -1 : Number.isNaN(right) ? 1 : left - right,
        );
  const stages = found.map((stage) => {
    const of = rows.filter(({ features }) => Object.is(features[stageColumn!], stage));
    return { stage: Number.isNaN(stage) ? null : stage, rate: rateOf(of, otherwise), rows: of.length };
  });
  return { column: stageColumn ?? 0, stages, otherwise, rows: rows.length };
};

/** The rule in the form of a model, which can be compared with any other. */
export const modelOfRule = (rule: StageRule, columns: number): BinaryModel => ({
  objective: 'binary',
  columns,
  encodings: [],
  ensembles: [{ columns, base: 0, trees: [chainOf(rule)] }],
  calibration: null,
});

/** Below every number, so that only what is missing goes left. */
const LOWEST = -3.4028234663852886e38;

/** `x missing → its leaf, else x <= s1 → its leaf, else x <= s2 → …, else all`: two nodes a stage and one for the rest. */
const chainOf = ({ column, stages, otherwise, rows }: StageRule): Tree => {
  const length = 2 * stages.length + 1;
  const tree = newTree(length);
  let left = rows;
  for (const [index, { stage, rate, rows: cover }] of stages.entries()) {
    const node = 2 * index;
    tree.feature[node] = column;
    tree.threshold[node] = stage ?? LOWEST;
    tree.missingLeft[node] = stage === null ? 1 : 0;
    tree.left[node] = node + 1;
    tree.right[node] = node + 2;
    tree.cover[node] = left;
    tree.value[node + 1] = logOdds(rate);
    tree.cover[node + 1] = cover;
    left -= cover;
  }
  tree.value[length - 1] = logOdds(otherwise);
  tree.cover[length - 1] = left;
  return tree;
};

const logOdds = (rate: number): number => Math.log(rate / (1 - rate));
