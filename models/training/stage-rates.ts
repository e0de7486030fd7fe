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

/**
 * A rule in the form of a model: of each stage the share that it came to, drawn towards the share of all, and that towards
 * the prior; (hits + k · prior) ÷ (rows + k). Of no rows at all the prior stands. With k = 50 and prior .02: 10 of 150 rows
 * → 5.5 %; at a stage of 30 rows without any → (0 + 50 · .055) ÷ 80 = 3.4 %.
 */
export const stageRates = (
  rows: readonly TrainingRow[],
  columns: number,
  { stageColumn, prior, priorRows = 50 }: StageRatesOptions,
): BinaryModel => {
  const rateOf = (of: readonly TrainingRow[], towards: number): number => {
    const sum = (value: (row: TrainingRow) => number) => of.reduce((total, row) => total + value(row), 0);
    const hits = sum(({ label, weight = 1 }) => label * weight);
    return (hits + priorRows * towards) / (sum(({ weight = 1 }) => weight) + priorRows);
  };
  const all = rateOf(rows, prior);
  const at = (stage: number) => ({
    stage,
    rows: rows.filter(({ features }) => Object.is(features[stageColumn!], stage)),
  });
  const stages =
    stageColumn === null
      ? []
      : [...new Set(rows.map(({ features }) => features[stageColumn]!))]
          // NaN first, the others as they rise.
          .sort((left, right) => (Number.isNaN(left) ? -1 : Number.isNaN(right) ? 1 : left - right))
          .map(at);
  const leaves = stages.map(({ stage, rows: of }) => ({ stage, rate: rateOf(of, all), cover: of.length }));
  return {
    objective: 'binary',
    columns,
    encodings: [],
    ensembles: [{ columns, base: 0, trees: [chainOf(stageColumn ?? 0, leaves, all, rows.length)] }],
    calibration: null,
  };
};

interface Leaf {
  readonly stage: number;
  readonly rate: number;
  readonly cover: number;
}

/** Below every number, so that only what is missing goes left. */
const LOWEST = -3.4028234663852886e38;

/** `x missing → its leaf, else x <= s1 → its leaf, else x <= s2 → …, else all`: two nodes a stage and one for the rest. */
const chainOf = (column: number, leaves: readonly Leaf[], all: number, rows: number): Tree => {
  const length = 2 * leaves.length + 1;
  const tree = newTree(length);
  let left = rows;
  for (const [index, { stage, rate, cover }] of leaves.entries()) {
    const node = 2 * index;
    tree.feature[node] = column;
    tree.threshold[node] = Number.isNaN(stage) ? LOWEST : stage;
    tree.missingLeft[node] = Number.isNaN(stage) ? 1 : 0;
    tree.left[node] = node + 1;
    tree.right[node] = node + 2;
    tree.cover[node] = left;
    tree.value[node + 1] = logOdds(rate);
    tree.cover[node + 1] = cover;
    left -= cover;
  }
  tree.value[length - 1] = logOdds(all);
  tree.cover[length - 1] = left;
  return tree;
};

const logOdds = (rate: number): number => Math.log(rate / (1 - rate));
