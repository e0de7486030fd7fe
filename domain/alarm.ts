import { alarmThreshold } from './alarm-thresholds.ts';
import { signalOf } from './detection/raise.ts';
import type { FeatureContext } from './feature.ts';
import { featureSet } from './feature-set.ts';
import { type Moving, stageOf } from './moving.ts';
import type { Prediction } from './prediction.ts';
import { expectedArrival } from './progress.ts';
import type { Signal } from './signal.ts';
import { stableId } from './stable-id.ts';

/** What is scored: a shipment on its way, and what was known around it. */
export interface Candidate {
  readonly moving: Moving;
  readonly context: FeatureContext;
  /** Alarm thresholds of the rules in force; left out where they name none. */
  readonly alarms?: Readonly<Record<string, number>>;
}

export interface Judgement {
  readonly candidate: Candidate;
  readonly probability: number;
  /** The model's own, for which the rules may have another. */
  readonly threshold: number;
  readonly answered: Prediction['answered'];
  readonly modelVersion: string;
  /** All declared ones, in their order; NaN where a feature was not known. */
  readonly features: Float32Array;
}

/** An alarm that was raised is cleared only when the risk has fallen well below the threshold, so that it does not flicker. */
const CLEAR_SHARE = 0.6;

export const predictionOf = (judged: Judgement): Prediction => {
  const { moving, context, alarms } = judged.candidate;
  const { plan, progress } = moving;
  return {
    id: stableId('prediction', plan.shipmentId, moving.trigger, context.now),
    at: progress.lastAt ?? plan.at,
    heardAt: context.now,
    shipmentId: plan.shipmentId,
    customerId: plan.customerId,
    carrier: plan.carrier,
    lane: plan.lane,
    stage: stageOf(plan, progress),
    modelVersion: judged.modelVersion,
    answered: judged.answered,
    probability: judged.probability,
    threshold: alarmThreshold(alarms, judged.modelVersion, judged.threshold),
    promisedAt: plan.promisedAt,
    expectedAt: expectedArrival(plan, progress, context.now),
    featureSet,
    features: Array.from(judged.features, (value) => (Number.isFinite(value) ? value : null)),
    eventId: moving.trigger,
  };
};

/** Raised at or above the threshold, cleared below its clearing share; otherwise what stood stands. */
export const alarmAfter = (
  raised: boolean,
  prediction: Prediction,
): { readonly raised: boolean; readonly signal: Signal | null } => {
  const { probability, threshold } = prediction;
  const high = probability >= threshold;
  if (raised ? probability >= threshold * CLEAR_SHARE && !high : !high) return { raised, signal: null };
  const signal = signalOf(high ? 'raised' : 'cleared', {
    shipmentId: prediction.shipmentId,
    category: 'delay',
    kind: 'predicted',
    at: prediction.at,
    heardAt: prediction.heardAt,
    topic: 'prediction',
    cause: 'none',
    effect: 'delay',
    party: 'unknown',
    evidence: { predictions: [prediction.id] },
    probability,
    expectedAt: prediction.expectedAt,
    modelVersion: prediction.modelVersion,
  });
  return { raised: high, signal };
};
