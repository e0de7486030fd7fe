import type { BinaryModel, Model, MulticlassModel, QuantileModel } from '../model.ts';
import { binaryObjective } from './binary-objective.ts';
import { boost, type BoostOptions, type TrainingData } from './boost.ts';
import { checkTraining } from './check-training.ts';
import { type Categorical, fitEncodings } from './fit-encoding.ts';
import { multiclassObjective } from './multiclass-objective.ts';
import type { Objective } from './objective.ts';
import { quantileObjective } from './quantile-objective.ts';

/** What is to be told: whether, how much, or which. */
export type Task =
  | { readonly objective: 'binary' }
  | { readonly objective: 'quantile'; readonly levels: readonly number[] }
  | { readonly objective: 'multiclass'; readonly classes: readonly string[] };

export interface TrainOptions extends Partial<BoostOptions> {
  readonly categorical?: readonly Categorical[];
  /** What a row of each label counts, beside its own weight; `balanced`: all labels the same in sum. */
  readonly classWeights?: 'balanced' | readonly number[];
}

export const trainDefaults = {
  trees: 100,
  learningRate: 0.1,
  maxLeaves: 31,
  minDataInLeaf: 20,
  minHessian: 1e-3,
  lambda: 1,
  minGain: 1e-7,
  featureFraction: 1,
  baggingFraction: 1,
  seed: 1,
  patience: 20,
} as const satisfies TrainOptions;

/** A model for the task by gradient boosting; throws FW606 where data or options do not fit. See `boost.ts`. */
export function train(data: TrainingData, options: TrainOptions & { objective: 'binary' }): BinaryModel;
export function train(
  data: TrainingData,
  options: TrainOptions & Extract<Task, { objective: 'quantile' }>,
): QuantileModel;
export function train(
  data: TrainingData,
  options: TrainOptions & Extract<Task, { objective: 'multiclass' }>,
): MulticlassModel;
export function train(data: TrainingData, options: TrainOptions & Task): Model;
export function train(data: TrainingData, options: TrainOptions & Task): Model {
  const settings = { ...trainDefaults, ...options };
  checkTraining(data, settings);
  const { rows, columns, labels } = data;
  const learned = Math.min(settings.validateFrom ?? rows, rows);
  const categorical = options.categorical ?? [];
  const { encodings, matrix } = fitEncodings(categorical, data.matrix, rows, columns, labels, learned);
  const weights = weightsOf(data, options.classWeights, learned);
  const ensembles = boost({ ...data, matrix, ...weights }, objectiveOf(options), settings);
  const trees = { columns, encodings, ensembles };
  switch (options.objective) {
    case 'binary':
      return { objective: 'binary', ...trees, calibration: null };
    case 'quantile':
      return { objective: 'quantile', ...trees, levels: options.levels, conformal: null };
    case 'multiclass':
      return { objective: 'multiclass', ...trees, classes: options.classes };
  }
}

const objectiveOf = (task: Task): Objective => {
  switch (task.objective) {
    case 'binary':
      return binaryObjective;
    case 'quantile':
      return quantileObjective(task.levels);
    case 'multiclass':
      return multiclassObjective(task.classes.length);
  }
};

const weightsOf = (
  { labels, weights, rows }: TrainingData,
  classWeights: TrainOptions['classWeights'],
  learned: number,
): Pick<TrainingData, 'weights'> => {
  if (classWeights === undefined) return weights === undefined ? {} : { weights };
  const byClass = classWeights === 'balanced' ? balanced(labels, learned) : classWeights;
  return {
    weights: Float64Array.from({ length: rows }, (_, row) => (weights?.[row] ?? 1) * byClass[labels[row]!]!),
  };
};

/** Rows ÷ (classes · rows of the class), as scikit-learn has it; of a class without rows 1. */
const balanced = (labels: ArrayLike<number>, learned: number): readonly number[] => {
  const counts: number[] = [];
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    while (counts.length <= label) counts.push(0);
    if (row < learned) counts[label]! += 1;
  }
  return counts.map((count) => (count === 0 ? 1 : learned / (counts.length * count)));
};
