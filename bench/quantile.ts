/**
 * The value that a share of all values do not exceed, by the nearest rank; null of nothing.
 * quantile([40, 10, 30, 20], 0.5) → 20 · 0.99 → 40
 */
export const quantile = (values: readonly number[], share: number): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
};

export const median = (values: readonly number[]): number | null => quantile(values, 0.5);
