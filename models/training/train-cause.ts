import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { MulticlassModel } from '../model.ts';
import { predict } from '../predict.ts';
import { train, type TrainOptions } from './train.ts';
import { trainRowsDefaults } from './train-risk.ts';
import {
  dataOf,
  labelsOf,
  matrixOf,
  type RowsCard,
  rowsCard,
  splitRows,
  type TrainingRow,
} from './training-rows.ts';

export interface TrainCauseOptions {
  /** Names of the labels 0, 1, … */
  readonly classes: readonly string[];
  /** Share of the rows, the newest, on which the number of trees is chosen. */
  readonly validationShare?: number;
  readonly train?: Omit<TrainOptions, 'validateFrom' | 'monotone'>;
}

/** On the validation rows, by the model that had not seen them. */
export interface CauseCard extends RowsCard {
  readonly trees: number;
  readonly logLoss: number;
  /** What the shares of the classes alone come to. */
  readonly logLossOfShares: number;
  /** Share of the rows whose likeliest class is theirs. */
  readonly accuracy: number;
  readonly byClass: readonly ClassQuality[];
}

export interface ClassQuality {
  readonly name: string;
  readonly rows: number;
  /** Of the rows for which it was the likeliest; NaN where it never was. */
  readonly precision: number;
  readonly recall: number;
}

export interface TrainedCause {
  readonly model: MulticlassModel;
  readonly card: CauseCard;
}

/**
 * Which cause: trains on the older rows, chooses the number of trees on the newer ones, and then learns once more from all.
 * Throws FW604 where the older ones have one class only, or none are left to judge by.
 */
export const trainCause = (rows: readonly TrainingRow[], options: TrainCauseOptions): TrainedCause => {
  const split = splitRows(rows, options.validationShare ?? 0.2);
  const { ordered, learned, watched } = split;
  const { classes } = options;
  if (new Set(learned.map(({ label }) => label)).size < 2 || watched.length === 0) throw tooFew(rows.length);
  const settings = { ...trainRowsDefaults, ...options.train, objective: 'multiclass', classes } as const;
  const first = train(dataOf([...learned, ...watched]), { ...settings, validateFrom: learned.length });
  const trees = Math.max(1, first.ensembles[0]?.trees.length ?? 0);
  const told = predict(first, matrixOf(watched), watched.length);
  return {
    model: train(dataOf(ordered), { ...settings, trees }),
    card: {
      ...rowsCard(split, watched),
      trees,
      ...causeQuality(labelsOf(watched), told, classes),
      logLossOfShares: logLossOfShares(labelsOf(learned), labelsOf(watched), classes.length),
    },
  };
};

/** `told` row-major, a probability for each class. */
export const causeQuality = (
  labels: Float64Array,
  told: Float32Array,
  classes: readonly string[],
): Pick<CauseCard, 'logLoss' | 'accuracy' | 'byClass'> => {
  const likeliest = Array.from(labels, (_, row) => {
    const of = told.subarray(row * classes.length, (row + 1) * classes.length);
    return of.indexOf(Math.max(...of));
  });
  const count = (is: (label: number, row: number) => boolean) => labels.filter(is).length;
  const lossOf = (label: number, row: number) =>
    -Math.log(Math.max(told[row * classes.length + label]!, 1e-15));
  return {
    logLoss: labels.reduce((sum, label, row) => sum + lossOf(label, row), 0) / labels.length,
    accuracy: count((label, row) => likeliest[row] === label) / labels.length,
    byClass: classes.map((name, of) => {
      const hits = count((label, row) => label === of && likeliest[row] === of);
      const rows = count((label) => label === of);
      return {
        name,
        rows,
        precision: hits / likeliest.filter((one) => one === of).length,
        recall: hits / rows,
      };
    }),
  };
};

const logLossOfShares = (learned: Float64Array, watched: Float64Array, classes: number): number => {
  const shares = new Float64Array(classes).fill(1 / (learned.length + classes));
  for (const label of learned) shares[label]! += 1 / (learned.length + classes);
  return watched.reduce((sum, label) => sum - Math.log(shares[label]!), 0) / watched.length;
};

const tooFew = (rows: number): ForewarnError =>
  new ForewarnError(
    'FW604',
    `training causes on ${rows} rows: two classes and newer rows to judge by are needed; wait for more outcomes.`,
  );
