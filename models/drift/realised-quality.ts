import { auc, brier, calibrationError, type Numbers } from '../quality.ts';

/** How well a block was predicted, once its labels are known. */
export interface RealisedQuality {
  readonly rows: number;
  readonly rate: number;
  /** NaN where only one label occurs. */
  readonly auc: number;
  readonly brier: number;
  readonly logLoss: number;
  readonly calibrationError: number;
}

/** A probability of 0 or 1 that proves wrong costs no more than one of 1e-6. */
const LEAST = 1e-6;

export const realisedQuality = (labels: Numbers, scores: Numbers): RealisedQuality => {
  let [ones, loss] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const score = Math.min(1 - LEAST, Math.max(LEAST, scores[row] ?? 0));
    const isOne = labels[row] === 1;
    ones += isOne ? 1 : 0;
    loss -= Math.log(isOne ? score : 1 - score);
  }
  return {
    rows: labels.length,
    rate: ones / labels.length,
    auc: auc(labels, scores),
    brier: brier(labels, scores),
    logLoss: loss / labels.length,
    calibrationError: calibrationError(labels, scores),
  };
};
