/** How well quantiles told a number. */
export interface IntervalQuality {
  readonly rows: number;
  /** Share of the labels inside the outermost two quantiles, and what it should be. */
  readonly coverage: number;
  readonly wanted: number;
  /** Mean width, in the unit of the labels. */
  readonly width: number;
  /** Mean pinball loss of each level. */
  readonly pinball: readonly number[];
}

/** What a quantile costs that a label missed by so much. Level .9: 10 above it → 9, 10 below it → 1. */
export const pinballLoss = (missed: number, level: number): number =>
  missed >= 0 ? level * missed : (level - 1) * missed;

/** `quantiles` row-major, as many a row as there are levels. Label 5, told 1 4 6 → inside, width 5. */
export const intervalQuality = (
  labels: ArrayLike<number>,
  quantiles: ArrayLike<number>,
  levels: readonly number[],
): IntervalQuality => {
  const { length } = labels;
  const pinball = levels.map(() => 0);
  let inside = 0;
  let width = 0;
  for (let row = 0; row < length; row++) {
    const from = row * levels.length;
    const label = labels[row]!;
    const [low, high] = [quantiles[from]!, quantiles[from + levels.length - 1]!];
    if (label >= low && label <= high) inside++;
    width += high - low;
    for (const [at, level] of levels.entries()) {
      pinball[at]! += pinballLoss(label - quantiles[from + at]!, level);
    }
  }
  return {
    rows: length,
    coverage: inside / length,
    wanted: levels.at(-1)! - levels[0]!,
    width: width / length,
    pinball: pinball.map((sum) => sum / length),
  };
};

/** The same for each stage, in the order in which they first occur. */
export const coverageByStage = (
  stages: readonly string[],
  labels: ArrayLike<number>,
  quantiles: Float32Array,
  levels: readonly number[],
): Readonly<Record<string, IntervalQuality>> => {
  const { length } = levels;
  return Object.fromEntries(
    [...new Set(stages)].map((stage) => {
      const rows = stages.flatMap((one, row) => (one === stage ? [row] : []));
      const told = rows.flatMap((row) => [...quantiles.subarray(row * length, (row + 1) * length)]);
      return [
        stage,
        intervalQuality(
          rows.map((row) => labels[row]!),
          told,
          levels,
        ),
      ];
    }),
  );
};
