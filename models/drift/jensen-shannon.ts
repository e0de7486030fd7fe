import { sumOf } from './sum-of.ts';

/**
 * Distance of Jensen and Shannon between two rows of counts or shares: the root of the divergence in base 2, in
 * [0; 1] and a metric. scipy's `jensenshannon(p, q, base=2)`. [1 1] and [1 0] → .558; [1 0] and [0 1] → 1.
 */
export const jensenShannon = (left: readonly number[], right: readonly number[]): number => {
  const [n, m] = [sumOf(left), sumOf(right)];
  let divergence = 0;
  for (const [at, count] of left.entries()) {
    const [p, q] = [count / n, (right[at] ?? 0) / m];
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / middle)) / 2;
  }
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
};
