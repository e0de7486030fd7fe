import type { Calibration } from '../signature.ts';

export const logistic = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** The calibrated risk of a probability: see `calibration`. Platt of slope 1 and intercept 0 leaves it as it is. */
export const calibrate = (calibration: Calibration, probability: number): number => {
  switch (calibration.kind) {
    case 'in-graph':
      return probability;
    case 'platt':
      return logistic(calibration.slope * Math.log(probability / (1 - probability)) + calibration.intercept);
    case 'isotonic':
      return between(calibration.x, calibration.y, probability);
  }
};

/** Straight lines between points, flat outside. NaN stays NaN. Points (0, .1) (1, .5): .25 → .2, 2 → .5. */
const between = (x: readonly number[], y: readonly number[], at: number): number => {
  if (!(at > x[0]!)) return Number.isNaN(at) ? at : y[0]!;
  const right = x.findIndex((point) => point >= at);
  if (right < 0) return y.at(-1)!;
  const share = (at - x[right - 1]!) / (x[right]! - x[right - 1]!);
  return y[right - 1]! + share * (y[right]! - y[right - 1]!);
};
