import { alarmThreshold } from './alarm-thresholds.ts';
import { type Cause, causes } from './codes.ts';
import { signalOf } from './detection/raise.ts';
import type { Explanation } from './explanation.ts';
import type { FeatureContext } from './feature.ts';
import { featureSet } from './feature-set.ts';
import { type Moving, stageOf } from './moving.ts';
import type { EtaQuantiles, Prediction } from './prediction.ts';
import { expectedArrival } from './progress.ts';
import type { Signal } from './signal.ts';
import { stableId } from './stable-id.ts';

/** What is scored: a shipment on its way, and what was known around it. */
export interface Candidate {
  readonly moving: Moving;
  readonly context: FeatureContext;
  /** Alarm thresholds of the rules in force; left out where they name none. */
  readonly alarms?: Readonly<Record<string, number>>;
  /** Versions that are pinned, such as by a replay; left out where those in force score. */
  readonly models?: readonly string[];
}

export interface Judgement {
  readonly candidate: Candidate;
  readonly probability: number;
  /** The model's own, for which the rules may have another. */
  readonly threshold: number;
  readonly answered: Prediction['answered'];
  readonly modelVersion: string;
  readonly modelVersions: readonly string[];
  /** Minutes after the expected arrival at each level. */
  readonly eta: { readonly levels: readonly number[]; readonly minutes: readonly number[] } | null;
  readonly cause: { readonly label: string; readonly probability: number } | null;
  readonly risks: Readonly<Record<string, number>>;
  /** All declared ones, in their order; NaN where a feature was not known. */
  readonly features: Float32Array;
}

/** An alarm that was raised is cleared only when the risk has fallen well below the threshold, so that it does not flicker. */
const CLEAR_SHARE = 0.6;

/** Below it the most likely cause is one of many, and an exception names none. */
const SURE_OF_CAUSE = 0.5;

export const predictionOf = (judged: Judgement): Prediction => {
  const { moving, context, alarms } = judged.candidate;
  const { plan, progress } = moving;
  const expectedAt = expectedArrival(plan, progress, context.now);
  const { cause } = judged;
  return {
    // Without the fraction of a millisecond: what a process died over and another heard again is a step of log time later.
    id: stableId('prediction', plan.shipmentId, moving.trigger, Math.floor(context.now)),
    at: progress.lastAt ?? plan.at,
    heardAt: context.now,
    shipmentId: plan.shipmentId,
    customerId: plan.customerId,
    carrier: plan.carrier,
    lane: plan.lane,
    stage: stageOf(plan, progress),
    modelVersion: judged.modelVersion,
    modelVersions: [...judged.modelVersions],
    answered: judged.answered,
    probability: judged.probability,
    threshold: alarmThreshold(alarms, judged.modelVersion, judged.threshold),
    promisedAt: plan.promisedAt,
    expectedAt,
    featureSet,
    features: Array.from(judged.features, (value) => (Number.isFinite(value) ? value : null)),
    eventId: moving.trigger,
    eta: etaOf(expectedAt, judged.eta),
    cause: cause === null ? null : { code: cause.label, probability: cause.probability },
    risks: judged.risks,
    contributions: [],
    unexplained: null,
    shadow: [],
  };
};

/** Expected at 12:00, and −20, 5 and 90 minutes at the levels .1, .5 and .9 → 11:40, 12:05 and 13:30. */
const etaOf = (expectedAt: number, eta: Judgement['eta']): EtaQuantiles | null => {
  const at = (wanted: number): number => {
    const minutes = eta?.minutes[eta.levels.findIndex((level) => Math.abs(level - wanted) < 1e-6)];
    return minutes === undefined ? NaN : Math.round(expectedAt + minutes * 60_000);
  };
  const quantiles = { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
  return Object.values(quantiles).every(Number.isSafeInteger) ? quantiles : null;
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
    cause: high ? causeOf(prediction) : 'none',
    effect: 'delay',
    party: 'unknown',
    evidence: { predictions: [prediction.id] },
    probability,
    expectedAt: prediction.expectedAt,
    modelVersion: prediction.modelVersion,
    modelVersions: prediction.modelVersions,
    eta: prediction.eta,
  });
  return { raised: high, signal };
};

const causeOf = ({ cause }: Prediction): Cause =>
  cause === null || cause.probability < SURE_OF_CAUSE
    ? 'none'
    : (causes.find((known) => known === cause.code) ?? 'none');

/** What a prediction gave, and the alarm that came of it. */
export interface Spoken {
  readonly prediction: Prediction;
  readonly signal: Signal | null;
}

/** Whether it is worth saying why: a model raised an alarm. */
export const isToExplain = ({ prediction, signal }: Spoken): boolean =>
  signal?.state === 'raised' && prediction.answered === 'model';

/** The same with the reasons in both; where an alarm has none, they say why. */
export const explained = (spoken: Spoken, said: Explanation | null): Spoken => {
  const { prediction, signal } = spoken;
  if (signal === null || !isToExplain(spoken)) return spoken;
  const reasons = {
    contributions: said?.contributions ?? [],
    unexplained: said === null ? 'nobody was there to explain it' : said.absent,
  };
  return { prediction: { ...prediction, ...reasons }, signal: { ...signal, ...reasons } };
};
