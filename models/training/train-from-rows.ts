import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { alarmCurve, type AlarmQuality, type Quality, qualityOf } from '../quality.ts';
import { predict, type TreeEnsemble } from '../tree-ensemble.ts';
import { train, type TrainOptions } from './train.ts';

/** One logged prediction whose outcome is known. */
export interface TrainingRow {
  readonly features: Float32Array;
  readonly label: 0 | 1;
  /** When the features were seen. */
  readonly at: number;
  /** Rows of one shipment belong together: what was learned from is never validated on. */
  readonly shipmentId?: string;
}

export interface TrainFromRowsOptions {
  /** Share of the rows, the newest, on which the number of trees and the threshold are chosen. */
  readonly validationShare?: number;
  /** `f1`: the threshold with the highest F1; a number: the lowest one with at least that precision. */
  readonly threshold?: 'f1' | number;
  readonly train?: Omit<TrainOptions, 'validateFrom'>;
}

/**
 * Slow steps on a third of the columns each: the rows of one shipment repeat each other, and this is what
 * overfitted them least on the older part of recorded shipments.
 */
const trainRowsDefaults = {
  trees: 200,
  learningRate: 0.05,
  featureFraction: 0.3,
  patience: 40,
} as const satisfies TrainOptions;

/** What is known of a model from its training; goes into its card. */
export interface TrainingCard {
  readonly rows: number;
  readonly learnedRows: number;
  readonly validatedRows: number;
  readonly lateRate: number;
  readonly from: number;
  readonly until: number;
  readonly trees: number;
  readonly threshold: number;
  /** On the validation rows, by the model that had not seen them. */
  readonly validation: Quality;
  readonly alarm: AlarmQuality;
}

export interface Trained {
  readonly ensemble: TreeEnsemble;
  readonly card: TrainingCard;
}

/**
 * Trains on the older rows, chooses the number of trees and the alarm threshold on the newer ones, and then
 * learns once more from all rows with that many trees. Where the newer ones cannot tell, because one label or
 * every shipment of theirs is missing, it takes 100 trees and .5. Throws FW604 where the older ones cannot.
 */
export const trainFromRows = (rows: readonly TrainingRow[], options: TrainFromRowsOptions = {}): Trained => {
  const ordered = rows.toSorted((left, right) => left.at - right.at);
  const { learned, validated } = split(ordered, options.validationShare ?? 0.2);
  if (!hasBothLabels(learned)) throw tooFew(learned.length);
  const settings = { ...trainRowsDefaults, ...options.train };
  const watched = hasBothLabels(validated) ? validated : [];
  const first = fit([...learned, ...watched], {
    ...settings,
    ...(watched.length === 0 ? { trees: 100 } : {}),
    validateFrom: learned.length,
  });
  const labels = labelsOf(watched);
  const scores = predict(first, matrixOf(watched, first.columns), watched.length);
  const alarm = chooseAlarm(alarmCurve(labels, scores), options.threshold ?? 'f1');
  const trees = Math.max(1, first.trees.length);
  const ensemble = fit(ordered, { ...settings, trees });
  return {
    ensemble,
    card: {
      rows: ordered.length,
      learnedRows: learned.length,
      validatedRows: watched.length,
      lateRate: ordered.filter(({ label }) => label === 1).length / ordered.length,
      from: ordered[0]?.at ?? NaN,
      until: ordered.at(-1)?.at ?? NaN,
      trees,
      threshold: alarm.threshold,
      validation: qualityOf(labels, scores),
      alarm,
    },
  };
};

const fit = (rows: readonly TrainingRow[], options: TrainOptions): TreeEnsemble => {
  const columns = rows[0]?.features.length ?? 0;
  return train(matrixOf(rows, columns), rows.length, columns, labelsOf(rows), options);
};

const hasBothLabels = (rows: readonly TrainingRow[]): boolean =>
  rows.some(({ label }) => label === 0) && rows.some(({ label }) => label === 1);

const tooFew = (rows: number): ForewarnError =>
  new ForewarnError(
    'FW604',
    `training on ${rows} rows: both late and punctual shipments are needed; wait for more outcomes.`,
  );

/** By time; a shipment that was seen in the older part is not validated on. */
const split = (ordered: readonly TrainingRow[], validationShare: number) => {
  const boundary = Math.round(ordered.length * (1 - validationShare));
  const learned = ordered.slice(0, boundary);
  const seen = new Set(learned.flatMap(({ shipmentId }) => shipmentId ?? []));
  const validated = ordered
    .slice(boundary)
    .filter(({ shipmentId }) => shipmentId === undefined || !seen.has(shipmentId));
  return { learned, validated };
};

const chooseAlarm = (curve: readonly AlarmQuality[], rule: 'f1' | number): AlarmQuality => {
  const none: AlarmQuality = { threshold: 0.5, precision: 0, recall: 0, f1: 0 };
  if (rule === 'f1') return curve.reduce((best, point) => (point.f1 > best.f1 ? point : best), none);
  return curve.findLast(({ precision }) => precision >= rule) ?? none;
};

const matrixOf = (rows: readonly TrainingRow[], columns: number): Float32Array => {
  const matrix = new Float32Array(rows.length * columns);
  for (const [index, { features }] of rows.entries()) matrix.set(features, index * columns);
  return matrix;
};

const labelsOf = (rows: readonly TrainingRow[]): Uint8Array => Uint8Array.from(rows, ({ label }) => label);
