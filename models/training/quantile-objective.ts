import type { Objective } from './objective.ts';

/**
 * Pinball loss of one or more levels; the score is the quantile itself. The loss has no curvature, so trees grow on
 * gradient signs and each leaf then takes the quantile of what its rows still miss, as LightGBM renews it.
 */
export const quantileObjective = (levels: readonly number[]): Objective => ({
  heads: levels.length,

  start: (labels, weights) => levels.map((level) => weightedQuantile(labels, weights, level)),

  derive: (scores, labels, weights, gradients, hessians) => {
    for (const [head, level] of levels.entries()) {
      const [score, gradient, hessian] = [scores[head]!, gradients[head]!, hessians[head]!];
      for (let row = 0; row < gradient.length; row++) {
        const weight = weights[row]!;
        gradient[row] = (score[row]! >= labels[row]! ? 1 - level : -level) * weight;
        hessian[row] = weight;
      }
    }
  },

  loss: (scores, labels, weights, from) => {
    let sum = 0;
    let all = 0;
    for (let row = from; row < labels.length; row++) {
      for (const [head, level] of levels.entries()) {
        const missed = labels[row]! - scores[head]![row]!;
        sum += weights[row]! * (missed >= 0 ? level * missed : (level - 1) * missed);
      }
      all += weights[row]!;
    }
    return sum / all / levels.length;
  },

  leafValue: (head, residuals, weights) => weightedQuantile(residuals, weights, levels[head]!),
});

/**
 * Between the two values next to `level` where all weigh alike, else the value at which the weight reaches `level` of all.
 * Of 1 2 3 4 at .5 → 2.5; the same with weights 1 1 1 5 → 4; without values 0.
 */
export const weightedQuantile = (values: Float64Array, weights: Float64Array, level: number): number => {
  const { length } = values;
  if (length === 0) return 0;
  if (weights.every((weight) => weight === weights[0])) return quantileOf(values.toSorted(), level);
  const order = Uint32Array.from({ length }, (_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const wanted = level * weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  for (const index of order) {
    below += weights[index]!;
    if (below >= wanted) return values[index]!;
  }
  return values[order.at(-1)!]!;
};

const quantileOf = (sorted: Float64Array, level: number): number => {
  const at = level * (sorted.length - 1);
  const low = Math.floor(at);
  const from = sorted[low]!;
  return from + (at - low) * ((sorted[low + 1] ?? from) - from);
};
