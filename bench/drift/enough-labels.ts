import type { TrueLabel } from './carrier-world.ts';

/** The normal quantile of 95 %. */
const Z = 1.645;

/**
 * When enough labels of a collapse could be known: the first moment at which a test that is told when it began, how
 * deep it is and every true chance has found it with 95 % certainty, at the same rate of false alarms. It adds up
 * the log-likelihood ratios: their mean (the divergence of A. Wald, 1945, and G. Lorden, Ann. Math. Stat. 1971), less
 * 1.645 standard deviations, must come to ln(threshold). Infinity where it never does.
 */
export const enoughLabelsAt = (affected: readonly TrueLabel[], threshold: number): number => {
  let [mean, variance] = [0, 0];
  for (const { truth, usual, knownAt } of affected) {
    const late = Math.log(truth / usual);
    const onTime = Math.log((1 - truth) / (1 - usual));
    mean += truth * late + (1 - truth) * onTime;
    variance += truth * (1 - truth) * (late - onTime) ** 2;
    if (mean - Z * Math.sqrt(variance) >= Math.log(threshold)) return knownAt;
  }
  return Infinity;
};
