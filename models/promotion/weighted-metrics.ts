import type { Numbers } from '../quality.ts';

/**
 * Measures of probabilities whose rows weigh differently. Weights are what a bootstrap draws: a row that was drawn
 * twice weighs twice. All are larger where the probabilities are better, so that a gain is always a difference. Of `loss`
 * the scores are losses already.
 */
export type MetricName = 'auc' | 'logLoss' | 'brier' | 'loss';

/** Something that is told of weighted rows: made ready once for them, and asked often with other weights. */
export type Measure = (weights: Numbers) => number;

export const measureOf = (metric: MetricName, labels: Numbers, scores: Numbers): Measure => {
  if (metric === 'auc') return weightedAuc(labels, scores);
  const losses = Float64Array.from({ length: labels.length }, (_, row) =>
    lossOf[metric](labels[row]!, scores[row]!),
  );
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (let row = 0; row < losses.length; row++) {
      sum += weights[row]! * losses[row]!;
      total += weights[row]!;
    }
    return -sum / total;
  };
};

/** As far from 0 and 1 as a float32 tells: a sure miss costs 16 nats, not infinitely many. */
const SUREST = 1e-7;

const lossOf = {
  logLoss: (label: number, score: number): number => {
    const right = label === 1 ? score : 1 - score;
    return -Math.log(Math.min(1 - SUREST, Math.max(SUREST, right)));
  },
  brier: (label: number, score: number): number => (score - label) ** 2,
  loss: (_: number, score: number): number => score,
} as const;

/**
 * Chance that a one scores above a zero, pairs weighed by the product of their weights, ties counting half. Rows are
 * sorted once. Labels 0 1 1 with scores .2 .1 .9 and weights 1 1 3 → (0 + 3) ÷ 4 = .75. NaN where one label is missing.
 */
const weightedAuc = (labels: Numbers, scores: Numbers): Measure => {
  const order = Int32Array.from({ length: labels.length }, (_, row) => row);
  order.sort((left, right) => scores[left]! - scores[right]!);
  return (weights) => {
    let wins = 0;
    let zeros = 0;
    let ones = 0;
    for (let from = 0; from < order.length;) {
      const score = scores[order[from]!]!;
      let onesHere = 0;
      let zerosHere = 0;
      let row = from;
      for (; row < order.length && scores[order[row]!]! === score; row++) {
        if (labels[order[row]!] === 1) onesHere += weights[order[row]!]!;
        else zerosHere += weights[order[row]!]!;
      }
      wins += onesHere * (zeros + zerosHere / 2);
      zeros += zerosHere;
      ones += onesHere;
      from = row;
    }
    return wins / (ones * zeros);
  };
};
