import type { Calibration } from './calibration/calibration.ts';
import type { Conformal } from './calibration/conformal.ts';
import type { CategoryEncoding } from './category-encoding.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

interface Trees {
  /** Columns of the matrix that it takes. */
  readonly columns: number;
  /** Columns of categories, and the number that stands for each; part of the model, so that serving does as training. */
  readonly encodings: readonly CategoryEncoding[];
  /** One for each head: of the binary objective one, of the others one for each level or class. */
  readonly ensembles: readonly TreeEnsemble[];
}

/** Gives the probability of 1. */
export interface BinaryModel extends Trees {
  readonly objective: 'binary';
  /** What makes a probability of the log-odds; without, the logistic function alone. */
  readonly calibration: Calibration | null;
}

/** Gives a quantile for each level, in the unit of the labels, never crossing. */
export interface QuantileModel extends Trees {
  readonly objective: 'quantile';
  /** Rising, such as .1 .5 .9. */
  readonly levels: readonly number[];
  /** What widens the outermost two so that the interval holds as often as it says. */
  readonly conformal: Conformal | null;
}

/** Gives a probability for each class; they add up to 1. */
export interface MulticlassModel extends Trees {
  readonly objective: 'multiclass';
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
}

export type Model = BinaryModel | QuantileModel | MulticlassModel;
