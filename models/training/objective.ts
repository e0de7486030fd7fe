/** Scores of each head, before any link: log-odds, minutes, or one logit a class. One array a head. */
export type HeadScores = readonly Float64Array[];

/**
 * What boosting makes small. A head is one sum of trees: a binary objective has one, a quantile objective one for each
 * level, a multi-class one for each class; every round grows a tree for each head.
 */
export interface Objective {
  readonly heads: number;
  /** Scores before any tree, from the learned rows. */
  start(labels: Float64Array, weights: Float64Array): readonly number[];
  /** Gradient and hessian of row 0 to `gradients.length − 1` in each head, at the scores as they stand. */
  derive(
    scores: HeadScores,
    labels: Float64Array,
    weights: Float64Array,
    gradients: HeadScores,
    hessians: HeadScores,
  ): void;
  /** Mean loss over rows from `from` on, by weight. */
  loss(scores: HeadScores, labels: Float64Array, weights: Float64Array, from: number): number;
  /** Where a leaf's value is not the gradients' own: from `label − score` of its rows. */
  leafValue?(head: number, residuals: Float64Array, weights: Float64Array): number;
}
