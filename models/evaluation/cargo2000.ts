import type { FeatureContext } from '../../domain/feature.ts';
import { featureNames, writeFeatures } from '../../domain/features.ts';
import { delayMin, emptyProgress, advance } from '../../domain/progress.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { auc, type Quality, qualityOf } from '../quality.ts';
import { predict } from '../tree-ensemble.ts';
import {
  trainFromRows,
  type Trained,
  type TrainFromRowsOptions,
  type TrainingRow,
} from '../training/train-from-rows.ts';

/** A shipment that is over: its plan and all its events by event time. */
export interface RecordedShipment {
  readonly plan: ShipmentPlan;
  readonly events: readonly TrackingEvent[];
}

export interface StageQuality extends Quality {
  /** `plan`, `after the hub delivery` (all inbound legs in), …, or where and what: `inbound arrival`. */
  readonly stage: string;
  /** AUC of the cumulative delay alone. */
  readonly ruleAuc: number;
  /** Share of the rows at or above the threshold, and what became of them. */
  readonly alarms: number;
  readonly precision: number;
  readonly recall: number;
  /** Median hours from a true alarm at this stage to the promise. */
  readonly leadHours: number;
}

export interface Evaluation {
  readonly trained: Trained;
  readonly stages: readonly StageQuality[];
}

interface ScoredRow extends TrainingRow {
  readonly stages: readonly string[];
  readonly delay: number;
  readonly leadHours: number;
}

/**
 * What the model would have told on recorded shipments: it learns from the first `trainShare` of them, in the
 * order given, and scores the rest after the plan and after each event, with the features as serving computes
 * them. Late is an end after the promise. Rows after the end are not scored.
 */
export const evaluateRecorded = (
  shipments: readonly RecordedShipment[],
  options: TrainFromRowsOptions & { readonly trainShare?: number } = {},
): Evaluation => {
  const boundary = Math.floor(shipments.length * (options.trainShare ?? 0.7));
  const trained = trainFromRows(shipments.slice(0, boundary).flatMap(rowsOf), options);
  const rows = shipments.slice(boundary).flatMap(rowsOf);
  const matrix = new Float32Array(rows.length * featureNames.length);
  for (const [index, row] of rows.entries()) matrix.set(row.features, index * featureNames.length);
  const scores = predict(trained.ensemble, matrix, rows.length);
  const byStage = new Map<string, number[]>();
  for (const [index, { stages }] of rows.entries()) {
    for (const stage of stages) {
      const indexes = byStage.get(stage);
      if (indexes === undefined) byStage.set(stage, [index]);
      else indexes.push(index);
    }
  }
  const stages = [...byStage].map(([stage, indexes]) =>
    stageQuality(
      stage,
      indexes.map((index) => rows[index]).filter((row) => row !== undefined),
      indexes.map((index) => scores[index] ?? 0),
      trained.card.threshold,
    ),
  );
  return { trained, stages };
};

const rowsOf = ({ plan, events }: RecordedShipment): ScoredRow[] => {
  const end = events.findLast(({ status }) => status === 'delivered');
  if (end === undefined) return [];
  const label = end.at > plan.promisedAt ? 1 : 0;
  let progress = emptyProgress;
  const row = (now: number, stages: readonly string[]): ScoredRow => ({
    features: featuresOf({ ...quiet, plan, progress, now }),
    label,
    at: now,
    shipmentId: plan.shipmentId,
    stages,
    delay: delayMin(plan, progress),
    leadHours: (plan.promisedAt - now) / 3_600_000,
  });
  const rows = [row(plan.at, ['plan', 'every'])];
  for (const event of events) {
    if (event === end) break;
    progress = advance(progress, plan, event);
    rows.push(row(event.at, stagesOf(plan, progress.reached, event)));
  }
  return rows;
};

/** No weather, no ports and no record of the carrier: recorded shipments come without. */
const quiet = { weatherOnPath: { severity: 0, count: 0 }, portAhead: NaN, carrierOnTime: NaN };

const featuresOf = (context: FeatureContext): Float32Array => {
  const row = new Float32Array(featureNames.length);
  writeFeatures(context, row, 0);
  return row;
};

const stagesOf = (
  { milestones, legs }: ShipmentPlan,
  reached: Readonly<Record<string, unknown>>,
  { milestone }: TrackingEvent,
): string[] => {
  const now = milestones.find(({ key }) => key === milestone);
  if (now === undefined) return ['every'];
  const open = milestones.filter(({ key }) => reached[key] === undefined);
  const last = legs.length - 1;
  const isHub = now.kind === 'hub_delivery' && !open.some(({ kind }) => kind === 'hub_delivery');
  const isLastArrival =
    now.kind === 'arrival' && now.leg === last && !open.some(({ kind }) => kind === 'arrival');
  return [
    'every',
    `${now.leg === last ? 'outbound' : 'inbound'} ${now.kind}`,
    ...(isHub ? ['after the hub delivery'] : []),
    ...(isLastArrival ? ['after the last outbound arrival'] : []),
  ];
};

const stageQuality = (
  stage: string,
  rows: readonly ScoredRow[],
  scores: readonly number[],
  threshold: number,
): StageQuality => {
  const labels = rows.map(({ label }) => label);
  const raised = rows.filter((_, index) => (scores[index] ?? 0) >= threshold);
  const hits = raised.filter(({ label }) => label === 1);
  return {
    stage,
    ...qualityOf(labels, scores),
    ruleAuc: auc(
      labels,
      rows.map(({ delay }) => delay),
    ),
    alarms: raised.length / rows.length,
    precision: hits.length / raised.length,
    recall: hits.length / labels.filter((label) => label === 1).length,
    leadHours: median(hits.map(({ leadHours }) => leadHours)),
  };
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
};
