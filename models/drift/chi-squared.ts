import { upperGamma } from './upper-gamma.ts';

export interface ChiSquared {
  readonly statistic: number;
  readonly degrees: number;
  /** Chance of as much or more, if both come from one distribution. */
  readonly pValue: number;
}

/**
 * Pearson's test that two rows of counts come from one distribution; with two columns, Yates's correction, as
 * scipy's `chi2_contingency` has it. Columns without any count say nothing and are left out.
 * [30 10] against [20 20] → 4.32 with 1 degree of freedom, p = .038.
 */
export const chiSquaredTest = (reference: readonly number[], current: readonly number[]): ChiSquared => {
  const columns = reference
    .map((count, at) => [count, current[at] ?? 0] as const)
    .filter(([a, b]) => a + b > 0);
  const rows = [0, 1].map((row) => columns.reduce((sum, column) => sum + (column[row] ?? 0), 0));
  const total = (rows[0] ?? 0) + (rows[1] ?? 0);
  const degrees = columns.length - 1;
  if (degrees < 1 || rows.includes(0)) return { statistic: 0, degrees: Math.max(0, degrees), pValue: 1 };
  let statistic = 0;
  for (const column of columns) {
    for (const [row, observed] of column.entries()) {
      const expected = ((rows[row] ?? 0) * (column[0] + column[1])) / total;
      const distance = Math.abs(observed - expected);
      statistic += (degrees === 1 ? distance - Math.min(0.5, distance) : distance) ** 2 / expected;
    }
  }
  return { statistic, degrees, pValue: upperGamma(degrees / 2, statistic / 2) };
};
