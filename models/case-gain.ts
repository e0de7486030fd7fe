export interface CaseGain {
  /** By how much the loss of a case is less with the second. */
  readonly mean: number;
  /** Standard error of that. */
  readonly error: number;
}

/**
 * Compares losses of the same rows by two models. Rows of one shipment end alike, so they are one case: 600 rows of a
 * hundred shipments say as much as a hundred rows.
 */
export const caseGain = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  cases: readonly (string | number)[],
): CaseGain => {
  const gains = new Map<string | number, number>();
  for (const [row, of] of cases.entries()) gains.set(of, (gains.get(of) ?? 0) + first[row]! - second[row]!);
  const all = [...gains.values()];
  const mean = all.reduce((sum, gain) => sum + gain, 0) / all.length;
  const variance = all.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, all.length - 1);
  return { mean, error: Math.sqrt(variance / all.length) };
};

/** By more than chance: two standard errors. */
export const isSure = ({ mean, error }: CaseGain): boolean => mean > 2 * error;
