import { sumOf } from './sum-of.ts';

/** A share of nothing counts as this much, or the index would be infinite. */
const SHARE_AT_LEAST = 1e-4;

/**
 * Population stability index of two rows of counts over the same bins: Σ (q − p) · ln(q ÷ p). **Our definition**: bins
 * are the quantiles of the reference, their edges are stored with it, and a share below 1e-4 counts as 1e-4; an index
 * of another tool with other bins is another number. By the custom of credit scoring .1 is slight, .25 is much.
 * [50 50] and [60 40] → .0405.
 */
export const populationStability = (reference: readonly number[], current: readonly number[]): number => {
  const [n, m] = [sumOf(reference), sumOf(current)];
  if (n === 0 || m === 0) return 0;
  let index = 0;
  for (const [at, count] of reference.entries()) {
    const p = Math.max(SHARE_AT_LEAST, count / n);
    const q = Math.max(SHARE_AT_LEAST, (current[at] ?? 0) / m);
    index += (q - p) * Math.log(q / p);
  }
  return index;
};
