/** How well probabilities told the label. Labels are 0 or 1; arrays are of one length. */
export interface Quality {
  readonly rows: number;
  /** Share of ones. */
  readonly rate: number;
  readonly auc: number;
  readonly averagePrecision: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly calibrationError: number;
}

export type Numbers = ArrayLike<number>;

export const qualityOf = (labels: Numbers, scores: Numbers): Quality => ({
  rows: labels.length,
  rate: ones(labels) / labels.length,
  auc: auc(labels, scores),
  averagePrecision: averagePrecision(labels, scores),
  brier: brier(labels, scores),
  logLoss: logLoss(labels, scores),
  calibrationError: calibrationError(labels, scores),
});

/**
 * Chance that a one scores above a zero, ties counting half (Mann-Whitney U ÷ pairs). NaN when only one label
 * occurs. Scores .1 .4 .4 .8 of labels 0 0 1 1 → (1 + ½ + 1 + 1) ÷ 4 = .875.
 */
export const auc = (labels: Numbers, scores: Numbers): number => {
  const positives = ones(labels);
  const negatives = labels.length - positives;
  let wins = 0;
  let below = 0;
  for (const { hits, misses } of ties(labels, scores).reverse()) {
    wins += hits * (below + misses / 2);
    below += misses;
  }
  return positives === 0 || negatives === 0 ? NaN : wins / (positives * negatives);
};

/** Σ (recall_n − recall_n−1) · precision_n over distinct scores, as scikit-learn has it. NaN without ones. */
export const averagePrecision = (labels: Numbers, scores: Numbers): number => {
  const positives = ones(labels);
  let sum = 0;
  let hits = 0;
  let raised = 0;
  for (const tie of ties(labels, scores)) {
    hits += tie.hits;
    raised += tie.hits + tie.misses;
    sum += (tie.hits / positives) * (hits / raised);
  }
  return positives === 0 ? NaN : sum;
};

/** Mean squared distance of probability and label. */
export const brier = (labels: Numbers, scores: Numbers): number => {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += ((scores[row] ?? 0) - (labels[row] ?? 0)) ** 2;
  return sum / labels.length;
};

/**
 * Expected calibration error: mean distance of probability and rate over ten bins of equal width, weighted by
 * rows (Naeini et al. 2015), each of which counts once unless `weights` says otherwise. Bins are [lower; upper), and 1
 * belongs to the last.
 */
export const calibrationError = (labels: Numbers, scores: Numbers, weights?: Numbers): number => {
  const bins = 10;
  const difference = new Float64Array(bins);
  let total = 0;
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row] ?? 0;
    const weight = weights?.[row] ?? 1;
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    difference[bin] = (difference[bin] ?? 0) + weight * (score - (labels[row] ?? 0));
    total += weight;
  }
  return difference.reduce((sum, of) => sum + Math.abs(of), 0) / total;
};

/** Probabilities of one bin: what was told on average, what came true, and how often. */
export interface CalibrationPoint {
  readonly told: number;
  readonly rate: number;
  readonly rows: number;
}

/** Bins of equal width as `calibrationError` has them, without the empty ones. */
export const calibrationCurve = (labels: Numbers, scores: Numbers, bins = 10): CalibrationPoint[] => {
  const sums = Array.from({ length: bins }, () => ({ told: 0, hits: 0, rows: 0 }));
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row] ?? 0;
    const sum = sums[Math.min(bins - 1, Math.floor(score * bins))]!;
    sum.told += score;
    sum.hits += labels[row] ?? 0;
    sum.rows += 1;
  }
  return sums
    .filter(({ rows }) => rows > 0)
    .map(({ told, hits, rows }) => ({ told: told / rows, rate: hits / rows, rows }));
};

/** Mean −ln of the probability that was given to what came; nothing is taken for less than 1e-15. */
export const logLoss = (labels: Numbers, scores: Numbers): number => {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row] ?? 0;
    sum -= Math.log(Math.max(labels[row] === 1 ? score : 1 - score, 1e-15));
  }
  return sum / labels.length;
};

export interface AlarmQuality {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Precision and recall at every distinct score taken as threshold, highest first. */
export const alarmCurve = (labels: Numbers, scores: Numbers): AlarmQuality[] => {
  const positives = ones(labels);
  let hits = 0;
  let raised = 0;
  return ties(labels, scores).map((tie) => {
    hits += tie.hits;
    raised += tie.hits + tie.misses;
    const precision = hits / raised;
    const recall = positives === 0 ? 0 : hits / positives;
    return { threshold: tie.score, precision, recall, f1: (2 * hits) / (raised + positives) };
  });
};

interface Tie {
  readonly score: number;
  hits: number;
  misses: number;
}

/** Ones and zeros at each distinct score, highest first. */
const ties = (labels: Numbers, scores: Numbers): Tie[] => {
  const order = Array.from({ length: labels.length }, (_, row) => row);
  order.sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
  const groups: Tie[] = [];
  for (const row of order) {
    const score = scores[row] ?? 0;
    let group = groups.at(-1);
    if (group?.score !== score) groups.push((group = { score, hits: 0, misses: 0 }));
    if (labels[row] === 1) group.hits++;
    else group.misses++;
  }
  return groups;
};

const ones = (labels: Numbers): number => {
  let count = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] === 1) count++;
  return count;
};
