import type { Numbers } from '../quality.ts';

/** Probability 1 ÷ (1 + e^−(slope · score + offset)). */
export interface Sigmoid {
  readonly slope: number;
  readonly offset: number;
}

/**
 * A logistic curve over scores, by Newton's method with halved steps (J. Platt, 1999; H.-T. Lin et al., 2007). Labels are
 * drawn in a little, so that it stays finite where the scores part them cleanly. Never falls: a slope below 0 becomes 0.
 */
export const platt = (scores: Numbers, labels: Numbers, weights?: Numbers): Sigmoid => {
  let ones = 0;
  let all = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1;
    ones += weight * labels[row]!;
    all += weight;
  }
  const rows = { scores, labels, weights };
  const target = { one: (ones + 1) / (ones + 2), zero: 1 / (all - ones + 2) };
  let best: Sigmoid = { slope: 0, offset: Math.log((ones + 1) / (all - ones + 1)) };
  let least = lossOf(best, rows, target);
  for (let step = 0; step < 50; step++) {
    const [slope, offset] = newtonStep(best, rows, target);
    let size = 1;
    let next = best;
    let loss = least;
    for (; size > 1e-6; size /= 2) {
      next = { slope: best.slope + size * slope, offset: best.offset + size * offset };
      loss = lossOf(next, rows, target);
      if (loss < least) break;
    }
    if (!(loss < least - 1e-10 * all)) break;
    [best, least] = [next, loss];
  }
  if (best.slope >= 0) return best;
  return { slope: 0, offset: Math.log((ones + 1) / (all - ones + 1)) };
};

interface Rows {
  readonly scores: Numbers;
  readonly labels: Numbers;
  /** What each row counts; 1 where left out. */
  readonly weights: Numbers | undefined;
}

interface Target {
  readonly one: number;
  readonly zero: number;
}

const newtonStep = ({ slope, offset }: Sigmoid, { scores, labels, weights }: Rows, target: Target) => {
  let [gradientSlope, gradientOffset] = [0, 0];
  // A ridge keeps the step finite when all scores are alike.
  let [slopeSlope, slopeOffset, offsetOffset] = [1e-9, 0, 1e-9];
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row]!;
    const probability = 1 / (1 + Math.exp(-(slope * score + offset)));
    const weight = weights?.[row] ?? 1;
    const missed = weight * (probability - (labels[row] === 1 ? target.one : target.zero));
    const curve = weight * probability * (1 - probability);
    gradientSlope += missed * score;
    gradientOffset += missed;
    slopeSlope += curve * score * score;
    slopeOffset += curve * score;
    offsetOffset += curve;
  }
  const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
  return [
    -(offsetOffset * gradientSlope - slopeOffset * gradientOffset) / determinant,
    -(slopeSlope * gradientOffset - slopeOffset * gradientSlope) / determinant,
  ] as const;
};

const lossOf = ({ slope, offset }: Sigmoid, { scores, labels, weights }: Rows, target: Target): number => {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const logit = slope * scores[row]! + offset;
    const wanted = labels[row] === 1 ? target.one : target.zero;
    // −wanted · ln p − (1 − wanted) · ln(1 − p), without overflow.
    const loss = Math.max(logit, 0) - wanted * logit + Math.log1p(Math.exp(-Math.abs(logit)));
    sum += (weights?.[row] ?? 1) * loss;
  }
  return sum;
};
