import { fitByStage, type StageTable } from '../stage-table.ts';

/** By how much the outermost two quantiles move apart; negative where they were too wide. Exact in float32. */
export type Conformal = StageTable<number>;

export interface ConformalRows {
  /** What the model's outermost quantiles were. */
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly labels: ArrayLike<number>;
  /** Their features, for the stage. */
  readonly matrix: Float32Array;
  readonly columns: number;
  /** What each row counts; all alike where left out. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Rows that a stage must have for a margin of its own. */
const leastRows = 100;

/**
 * Conformalised quantile regression (Y. Romano et al., 2019), by stage: the ⌈(n + 1) · coverage⌉-th smallest of how far the
 * labels of n rows lay outside. Where later rows are drawn as these were, the interval then holds at least so often,
 * whatever the model is worth. Outside by −3, −1, 2, 8 min, coverage .8 → 4th → 8 min. A row of weight 3 counts as three
 * (R. Tibshirani et al., 2019).
 */
export const conformalise = (
  { low, high, labels, matrix, columns, weights }: ConformalRows,
  coverage: number,
  stageColumn: number | null,
): Conformal =>
  fitByStage(
    stageColumn,
    columns,
    matrix,
    low.length,
    (rows) => {
      if (rows.length < leastRows) return null;
      const outside = rows
        .map((row) => ({
          by: Math.max(low[row]! - labels[row]!, labels[row]! - high[row]!),
          weight: weights?.[row] ?? 1,
        }))
        .sort((left, right) => left.by - right.by);
      const wanted = (outside.reduce((sum, { weight }) => sum + weight, 0) + 1) * coverage;
      let passed = 0;
      const last = outside.find(({ weight }) => (passed += weight) >= wanted);
      return Math.fround((last ?? outside.at(-1)!).by);
    },
    0,
  );
