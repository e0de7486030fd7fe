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
}

/** Rows that a stage must have for a margin of its own. */
const leastRows = 100;

/**
 * Conformalised quantile regression (Y. Romano et al., 2019), by stage: the ⌈(n + 1) · coverage⌉-th smallest of how far the
 * labels of n rows lay outside. Where later rows are drawn as these were, the interval then holds at least so often,
 * whatever the model is worth. Outside by −3, −1, 2, 8 min, coverage .8 → 4th → 8 min.
 */
export const conformalise = (
  { low, high, labels, matrix, columns }: ConformalRows,
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
      const outside = Float64Array.from(rows, (row) =>
        Math.max(low[row]! - labels[row]!, labels[row]! - high[row]!),
      ).sort();
      const rank = Math.min(rows.length, Math.ceil((rows.length + 1) * coverage));
      return Math.fround(outside[rank - 1]!);
    },
    0,
  );
