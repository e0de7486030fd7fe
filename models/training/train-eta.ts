import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { conformalise } from '../calibration/conformal.ts';
import type { QuantileModel } from '../model.ts';
import { predict } from '../predict.ts';
import { coverageByStage, intervalQuality, type IntervalQuality } from '../interval-quality.ts';
import { train, type TrainOptions } from './train.ts';
import { trainRowsDefaults } from './train-risk.ts';
import {
  dataOf,
  halves,
  labelsOf,
  matrixOf,
  type RowsCard,
  rowsCard,
  splitRows,
  type TrainingRow,
  weightsOf,
} from './training-rows.ts';

export interface TrainEtaOptions {
  /** Share of the rows, the newest, on which the number of trees and the margins of the interval are chosen. */
  readonly validationShare?: number;
  /** Rising; the outermost two are the interval. */
  readonly levels?: readonly number[];
  /** Column whose values are stages, each with a margin of its own; null: all rows alike. */
  readonly stageColumn?: number | null;
  readonly train?: Omit<TrainOptions, 'validateFrom' | 'classWeights'>;
}

export interface EtaCard extends RowsCard {
  readonly trees: number;
  readonly levels: readonly number[];
  /** On the newer half of the validation rows: as trained, and with the margins that the older half asks for. */
  readonly asTrained: IntervalQuality;
  readonly conformal: IntervalQuality;
  /** With those margins, by value of the stage column. */
  readonly byStage: Readonly<Record<string, IntervalQuality>>;
}

export interface TrainedEta {
  readonly model: QuantileModel;
  readonly card: EtaCard;
}

const leastRows = 100;

/**
 * When it will be there: quantiles of the minutes in the labels, with an interval that holds as often as it says. Trains on
 * the older rows, and takes from the newer ones the number of trees and how far the interval must be widened. It does not
 * learn from those once more: the margins belong to the model that had not seen them. Throws FW604 on too few rows.
 */
export const trainEta = (rows: readonly TrainingRow[], options: TrainEtaOptions = {}): TrainedEta => {
  const split = splitRows(rows, options.validationShare ?? 0.3);
  const { learned, watched } = split;
  const stageColumn = options.stageColumn ?? null;
  const [older, newer] = halves(watched);
  const parts = [learned.length, older.length, newer.length];
  if (Math.min(...parts) < leastRows) throw tooFew(parts);
  const levels = options.levels ?? [0.1, 0.5, 0.9];
  const trained = train(dataOf([...learned, ...watched]), {
    ...trainRowsDefaults,
    ...options.train,
    objective: 'quantile',
    levels,
    validateFrom: learned.length,
  });
  const judged = withMargins(trained, older, stageColumn);
  const qualityOn = (model: QuantileModel): IntervalQuality =>
    intervalQuality(labelsOf(newer), predict(model, matrixOf(newer), newer.length), levels);
  const told = predict(judged, matrixOf(newer), newer.length);
  return {
    model: withMargins(trained, watched, stageColumn),
    card: {
      ...rowsCard(split, watched),
      trees: trained.ensembles[0]?.trees.length ?? 0,
      levels,
      asTrained: qualityOn(trained),
      conformal: qualityOn(judged),
      byStage: coverageByStage(
        newer.map(({ features }) => (stageColumn === null ? 'every' : String(features[stageColumn]))),
        labelsOf(newer),
        told,
        levels,
      ),
    },
  };
};

/** With the margins that the rows ask for. */
export const withMargins = (
  model: QuantileModel,
  rows: readonly TrainingRow[],
  stageColumn: number | null,
): QuantileModel => {
  const { levels, columns } = model;
  if (levels.length < 2) return model;
  const matrix = matrixOf(rows);
  const told = predict({ ...model, conformal: null }, matrix, rows.length);
  const at = (level: number) => Float32Array.from(rows, (_, row) => told[row * levels.length + level]!);
  const conformal = conformalise(
    {
      low: at(0),
      high: at(levels.length - 1),
      labels: labelsOf(rows),
      matrix,
      columns,
      weights: weightsOf(rows),
    },
    levels.at(-1)! - levels[0]!,
    stageColumn,
  );
  return { ...model, conformal };
};

const tooFew = (parts: readonly number[]): ForewarnError =>
  new ForewarnError(
    'FW604',
    `training an interval: ${parts.join(', ')} rows to learn from, to widen it by and to judge it by, no shipment in two of them; ${leastRows} of each are needed; wait for more outcomes.`,
  );
