import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { type Calibration, calibrate } from '../calibration/calibration.ts';
import { caseGain, isSure } from '../case-gain.ts';
import type { BinaryModel } from '../model.ts';
import { marginsOf, predict } from '../predict.ts';
import {
  alarmCurve,
  type AlarmQuality,
  calibrationCurve,
  type CalibrationPoint,
  type Quality,
  qualityOf,
} from '../quality.ts';
import { softplus } from '../softplus.ts';
import type { TreeEnsemble } from '../tree-ensemble.ts';
import { train, type TrainOptions } from './train.ts';
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

export interface TrainRiskOptions {
  /** Share of the rows, the newest, on which the number of trees, the calibration and the threshold are chosen. */
  readonly validationShare?: number;
  /** `f1`: the threshold with the highest F1; a number: the lowest one with at least that precision. */
  readonly threshold?: 'f1' | number;
  /** Column whose values are stages, each calibrated by itself; null: all rows alike. */
  readonly stageColumn?: number | null;
  /** Trees that learned from other rows than these. They are gone on from, unless to begin anew tells the newest rows surely better. */
  readonly from?: TreeEnsemble;
  readonly train?: Omit<TrainOptions, 'validateFrom' | 'from'>;
}

/**
 * Slow steps on a third of the columns each: the rows of one shipment repeat each other, and this is what
 * overfitted them least on the older part of recorded shipments.
 */
export const trainRowsDefaults = {
  trees: 200,
  learningRate: 0.05,
  featureFraction: 0.3,
  patience: 40,
} as const satisfies TrainOptions;

/** What is known of a model from its training; goes into its card. */
export interface RiskCard extends RowsCard {
  readonly lateRate: number;
  readonly trees: number;
  /** How many of them are its parent's. */
  readonly parentTrees: number;
  readonly threshold: number;
  /** On the validation rows, by the model that had not seen them. */
  readonly validation: Quality;
  readonly alarm: AlarmQuality;
  readonly calibration: CalibrationCard;
  /**
   * On the newer half of the validation rows, calibrated by what the older half teaches: nothing has seen these rows but the
   * choice of the number of trees. In all, and by value of the stage column, `NaN` before the first milestone.
   */
  readonly newest: Quality;
  readonly byStage: Readonly<Record<string, StageAlarms>>;
}

/** What an alarm is worth at one stage, with the threshold of the card. */
export interface StageAlarms extends Quality {
  readonly alarms: number;
  readonly precision: number;
  readonly recall: number;
}

export interface CalibrationCard {
  /** Curve of each stage, and of the rest under `rest`. */
  readonly curves: Readonly<Record<string, 'none' | 'platt' | 'isotonic'>>;
  /** Expected calibration error on the newer half of the validation rows: without, and with what the older half teaches. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  /** Told and come true, on the same half, calibrated. */
  readonly curve: readonly CalibrationPoint[];
}

export interface TrainedRisk {
  readonly model: BinaryModel;
  readonly card: RiskCard;
}

/**
 * Risk of being late: trains on the older rows, chooses the number of trees, the calibration and the alarm threshold on the
 * newer ones, and then learns once more from all rows with that many trees. Where the newer ones cannot tell, because one
 * label or every shipment of theirs is missing, it takes 100 trees, no calibration and .5. Throws FW604 where the older
 * ones cannot.
 *
 * A world that has changed a little is still mostly the old one: with 700 rows since a carrier collapsed, `from` is worth
 * more than what they teach by themselves.
 */
export const trainRisk = (rows: readonly TrainingRow[], options: TrainRiskOptions = {}): TrainedRisk => {
  const split = splitRows(rows, options.validationShare ?? 0.2);
  const { ordered, learned } = split;
  if (!hasBothLabels(learned)) throw tooFew(learned.length);
  const settings = { ...trainRowsDefaults, ...options.train, objective: 'binary' } as const;
  const watched = hasBothLabels(split.watched) ? split.watched : [];
  const { first, from } = firstOf(learned, watched, settings, options.from);
  const stageColumn = options.stageColumn ?? null;
  const calibration = watched.length === 0 ? null : calibrationOf(first, watched, stageColumn);
  const labels = labelsOf(watched);
  const scores = scoresOf({ ...first, calibration }, watched);
  const alarm = chooseAlarm(alarmCurve(labels, scores), options.threshold ?? 'f1');
  const parentTrees = from?.trees.length ?? 0;
  const trees = Math.max(1, (first.ensembles[0]?.trees.length ?? 0) - parentTrees);
  const [older, newer] = halves(watched);
  const before = scoresOf(first, newer);
  const after = scoresOf({ ...first, calibration: calibrationOf(first, older, stageColumn) }, newer);
  return {
    model: { ...train(dataOf(ordered), { ...settings, ...goingOn(from, trees), trees }), calibration },
    card: {
      ...rowsCard(split, watched),
      lateRate: ordered.filter(({ label }) => label === 1).length / ordered.length,
      trees: trees + parentTrees,
      parentTrees,
      threshold: alarm.threshold,
      validation: qualityOf(labels, scores),
      alarm,
      calibration: calibrationCard(calibration, labelsOf(newer), before, after),
      newest: qualityOf(labelsOf(newer), after),
      byStage: byStageOf(newer, after, alarm.threshold, stageColumn),
    },
  };
};

interface First {
  readonly first: BinaryModel;
  /** What it goes on from; undefined where it began anew. */
  readonly from: TreeEnsemble | undefined;
}

/** The model of the older rows, with as many trees as the newer ones bear out: gone on from `parent`, unless to begin anew is surely better. */
const firstOf = (
  learned: readonly TrainingRow[],
  watched: readonly TrainingRow[],
  settings: TrainOptions & { readonly objective: 'binary'; readonly trees: number },
  parent: TreeEnsemble | undefined,
): First => {
  const data = dataOf([...learned, ...watched]);
  const validateFrom = learned.length;
  if (watched.length === 0)
    return { first: train(data, { ...settings, trees: 100, validateFrom }), from: undefined };
  const anew = train(data, { ...settings, validateFrom });
  if (parent === undefined) return { first: anew, from: undefined };
  const continued = train(data, { ...settings, ...goingOn(parent, settings.trees), validateFrom });
  return isSurelyBetter(anew, continued, watched)
    ? { first: anew, from: undefined }
    : { first: continued, from: parent };
};

/** Each tree is scored with every row, and a promotion allows twice the time at most: with three quarters more there is room to measure. */
const MOST_NEW_TREES = 0.75;

const goingOn = (from: TreeEnsemble | undefined, trees: number): Pick<TrainOptions, 'from' | 'trees'> =>
  from === undefined
    ? { trees }
    : { from: [from], trees: Math.min(trees, Math.max(1, Math.floor(from.trees.length * MOST_NEW_TREES))) };

/** Log-loss of each row, before any calibration, as it counts. */
const lossesOn = (rows: readonly TrainingRow[], model: BinaryModel): readonly number[] => {
  const margins = marginsOf(model, matrixOf(rows), rows.length);
  return rows.map(
    ({ label, weight = 1 }, row) => weight * softplus(label === 1 ? -margins[row]! : margins[row]!),
  );
};

const isSurelyBetter = (one: BinaryModel, other: BinaryModel, rows: readonly TrainingRow[]): boolean =>
  isSure(
    caseGain(
      lossesOn(rows, other),
      lossesOn(rows, one),
      rows.map(({ shipmentId }, row) => shipmentId ?? row),
    ),
  );

const hasBothLabels = (rows: readonly TrainingRow[]): boolean =>
  rows.some(({ label }) => label === 0) && rows.some(({ label }) => label === 1);

const tooFew = (rows: number): ForewarnError =>
  new ForewarnError(
    'FW604',
    `training on ${rows} rows: both late and punctual shipments are needed; wait for more outcomes.`,
  );

const calibrationOf = (
  model: BinaryModel,
  rows: readonly TrainingRow[],
  stageColumn: number | null,
): Calibration => {
  const matrix = matrixOf(rows);
  const margins = marginsOf(model, matrix, rows.length);
  const weights = weightsOf(rows);
  const shipments = rows.map(({ shipmentId }) => shipmentId);
  const labels = labelsOf(rows);
  return calibrate({ margins, labels, matrix, columns: model.columns, weights, shipments }, stageColumn);
};

const scoresOf = (model: BinaryModel, rows: readonly TrainingRow[]): Float32Array =>
  predict(model, matrixOf(rows), rows.length);

/** Fitted to one half and measured on the other: on its own rows any calibration looks perfect. */
const calibrationCard = (
  final: Calibration | null,
  labels: Float64Array,
  before: Float32Array,
  after: Float32Array,
): CalibrationCard => {
  const stages = final?.stages.map(({ stage, of }) => [String(stage), of.kind] as const) ?? [];
  return {
    curves: { ...Object.fromEntries(stages), rest: final?.rest.kind ?? 'none' },
    errorBefore: qualityOf(labels, before).calibrationError,
    errorAfter: qualityOf(labels, after).calibrationError,
    curve: calibrationCurve(labels, after),
  };
};

const byStageOf = (
  rows: readonly TrainingRow[],
  scores: Float32Array,
  threshold: number,
  stageColumn: number | null,
): Readonly<Record<string, StageAlarms>> => {
  if (stageColumn === null) return {};
  const stages = rows.map(({ features }) => features[stageColumn]!);
  return Object.fromEntries(
    [...new Set(stages)].map((stage) => {
      const isOf = (_: unknown, row: number): boolean => Object.is(stages[row], stage);
      const labels = labelsOf(rows.filter(isOf));
      const of = scores.filter(isOf);
      const raised = labels.filter((_, row) => of[row]! >= threshold);
      const hits = raised.filter((label) => label === 1).length;
      const quality = qualityOf(labels, of);
      return [
        String(stage),
        {
          ...quality,
          alarms: raised.length,
          precision: hits / raised.length,
          recall: hits / (quality.rate * quality.rows),
        },
      ];
    }),
  );
};

const chooseAlarm = (curve: readonly AlarmQuality[], rule: 'f1' | number): AlarmQuality => {
  const none: AlarmQuality = { threshold: 0.5, precision: 0, recall: 0, f1: 0 };
  if (rule === 'f1') return curve.reduce((best, point) => (point.f1 > best.f1 ? point : best), none);
  return curve.findLast(({ precision }) => precision >= rule) ?? none;
};
