import { noRecord } from '../../domain/carrier-rate.ts';
import { featureNames, writeFeatures } from '../../domain/features.ts';
import type { FeatureContext } from '../../domain/feature.ts';
import { predict } from '../predict.ts';
import { type TrainedRisk, trainRisk, type TrainRiskOptions } from '../training/train-risk.ts';
import type { TrainingRow } from '../training/training-rows.ts';
import { endOf, pointsOf, type RecordedShipment } from './recorded-points.ts';
import { rowsByStage, stageQuality, type StageQuality } from './stage-quality.ts';

export interface Evaluation {
  readonly trained: TrainedRisk;
  readonly stages: readonly StageQuality[];
}

/** What was known at one moment of a recorded shipment, and what came of it. */
export interface RecordedRow extends TrainingRow {
  readonly label: 0 | 1;
  readonly stages: readonly string[];
  readonly delay: number;
  readonly leadHours: number;
  /** Minutes from the promise to the end. */
  readonly lateMin: number;
}

/**
 * What the model would have told on recorded shipments: it learns from the first `trainShare` of them, in the
 * order given, and scores the rest after the plan and after each event, with the features as serving computes
 * them. Late is an end after the promise. Rows after the end are not scored.
 */
export const evaluateRecorded = (
  shipments: readonly RecordedShipment[],
  options: TrainRiskOptions & { readonly trainShare?: number } = {},
): Evaluation => {
  const boundary = Math.floor(shipments.length * (options.trainShare ?? 0.7));
  const trained = trainRisk(shipments.slice(0, boundary).flatMap(recordedRows), options);
  const rows = shipments.slice(boundary).flatMap(recordedRows);
  const matrix = new Float32Array(rows.length * featureNames.length);
  for (const [index, row] of rows.entries()) matrix.set(row.features, index * featureNames.length);
  const scores = predict(trained.model, matrix, rows.length);
  const judged = rows.map(({ stages, label, delay, leadHours }, index) => {
    const score = scores[index] ?? NaN;
    return { stages, label, score, alarm: score >= trained.card.threshold, delay, leadHours };
  });
  return { trained, stages: [...rowsByStage(judged)].map(([stage, of]) => stageQuality(stage, of)) };
};

/** A row for the plan and for each event before the end. */
export const recordedRows = (shipment: RecordedShipment): RecordedRow[] => {
  const { plan } = shipment;
  const lateMin = ((endOf(shipment)?.at ?? NaN) - plan.promisedAt) / 60_000;
  const label = lateMin > 0 ? 1 : 0;
  return pointsOf(shipment).map(({ at, progress, stages, delay }) => ({
    features: featuresOf({ ...quiet, plan, progress, now: at }),
    label,
    at,
    shipmentId: plan.shipmentId,
    stages,
    delay,
    leadHours: (plan.promisedAt - at) / 3_600_000,
    lateMin,
  }));
};

/** No weather, no ports and no record of the carrier: recorded shipments come without. */
const quiet = { weatherOnPath: { severity: 0, count: 0 }, portAhead: NaN, record: noRecord };

const featuresOf = (context: FeatureContext): Float32Array => {
  const row = new Float32Array(featureNames.length);
  writeFeatures(context, row, 0);
  return row;
};
