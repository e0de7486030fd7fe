/** What the quality should be, as far as the model's own probabilities are right. */
export interface EstimatedQuality {
  readonly rows: number;
  readonly auc: number;
  readonly brier: number;
  readonly logLoss: number;
  /** Expected share of ones. */
  readonly rate: number;
}

/** Stands wherever an estimate is shown. */
export const estimateCaveat =
  'estimated from the probabilities alone: it sees other inputs, never another relation of inputs and outcome';

/**
 * Quality before any label is known (confidence-based performance estimation, CBPE, as NannyML has it): each row
 * counts as a one by its calibrated probability p and as a zero by 1 − p, and is ranked by its raw score. A change of
 * what the inputs *mean* moves neither p nor score, so **concept drift cannot be seen here**. Scores .2 .8, both
 * right about their chance → AUC (.8 · .8 + ½ · .2 · .8 · 2) ÷ 1 = .8, Brier .16.
 */
export const estimatedQuality = (
  scores: ArrayLike<number>,
  probabilities: ArrayLike<number> = scores,
): EstimatedQuality => {
  const rows = scores.length;
  const order = Array.from({ length: rows }, (_, row) => row);
  order.sort((left, right) => (scores[left] ?? 0) - (scores[right] ?? 0));
  let [wins, zeros, ones, brier, logLoss] = [0, 0, 0, 0, 0];
  for (const row of order) {
    const p = probabilities[row] ?? 0;
    // A row meets itself as a tie: half a win.
    wins += p * (zeros + (1 - p) / 2);
    zeros += 1 - p;
    ones += p;
    brier += p * (1 - p);
    logLoss -= entropyTerm(p) + entropyTerm(1 - p);
  }
  return {
    rows,
    auc: wins / (ones * zeros),
    brier: brier / rows,
    logLoss: logLoss / rows,
    rate: ones / rows,
  };
};

const entropyTerm = (p: number): number => (p > 0 ? p * Math.log(p) : 0);
