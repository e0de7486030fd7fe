import {
  alarmPolicyDefaults,
  type AlarmPolicySettings,
  type AlarmPolicyState,
  alarmPolicyStart,
  judgeFindings,
} from './alarm-policy.ts';
import { dataDrift, type FeatureReferences } from './data-drift.ts';
import type { FeatureValues } from './compare-feature.ts';
import { estimateCaveat, estimatedQuality, type EstimatedQuality } from './estimated-quality.ts';
import type { Finding } from './finding.ts';
import { type RealisedQuality, realisedQuality } from './realised-quality.ts';
import { errorWatchStart, type ErrorWatchState, watchError } from './watch-error.ts';

/** Fewer rows say nothing of a day. */
export const MIN_ROWS = 30;
/** The error expected by the model itself may be so many times that of its reference. */
const ESTIMATE_FACTOR = 1.5;

/** A day of predictions by event time, closed once its labels have matured. */
export interface ModelBlock {
  readonly from: number;
  readonly to: number;
  /** When the last of its labels was known: the time of what is found in it. */
  readonly closedAt: number;
  readonly scores: readonly number[];
  /** Null for a row whose outcome is not known, or was changed by an action. */
  readonly labels: readonly (0 | 1 | null)[];
  readonly features: Readonly<Record<string, FeatureValues>>;
}

/** What a model was like when it was made; kept with its version. */
export interface ModelReference {
  readonly model: string;
  readonly brier: number;
  readonly features: FeatureReferences;
}

/** Plain data. */
export interface ModelWatchState extends ErrorWatchState {
  readonly policy: AlarmPolicyState;
}

export const modelWatchStart: ModelWatchState = { ...errorWatchStart, policy: alarmPolicyStart };

export interface ModelObservation {
  readonly state: ModelWatchState;
  /** What is told, after the alarm policy. */
  readonly alarms: readonly Finding[];
  readonly realised: RealisedQuality | null;
  readonly estimated: EstimatedQuality | null;
  readonly caveat: typeof estimateCaveat;
}

/**
 * One block more. Only the realised error can ask for a new model, see `watchError`; a worse estimate and moved inputs are
 * warnings at most.
 */
export const observeModel = (
  reference: ModelReference,
  before: ModelWatchState,
  block: ModelBlock,
  policySettings: AlarmPolicySettings = alarmPolicyDefaults,
): ModelObservation => {
  const { model, features } = reference;
  const { scores, closedAt } = block;
  const known = scores.map((_, row) => row).filter((row) => block.labels[row] !== null);
  const estimated = scores.length < MIN_ROWS ? null : estimatedQuality(scores);
  const findings: Finding[] = [...dataDrift(features, block)];
  if (estimated !== null && estimated.brier > ESTIMATE_FACTOR * reference.brier) {
    const text = `the model expects a Brier score of ${show(estimated.brier)}, ${show(reference.brier)} when it was made (${estimateCaveat})`;
    const numbers = { estimated: estimated.brier, reference: reference.brier };
    const kind = 'estimated-quality';
    findings.push({ kind, subject: model, grade: 'warning', at: closedAt, since: block.from, text, numbers });
  }
  if (known.length < MIN_ROWS) {
    const { state, alarms } = judgeFindings(before.policy, findings, policySettings);
    return { state: { ...before, policy: state }, alarms, realised: null, estimated, caveat: estimateCaveat };
  }
  const realised = realisedQuality(
    known.map((row) => block.labels[row] ?? 0),
    known.map((row) => scores[row] ?? 0),
  );
  const error = watchError(before, {
    subject: model,
    measure: 'the Brier score',
    from: block.from,
    closedAt,
    error: realised.brier,
    usual: reference.brier,
    numbers: { auc: realised.auc, logLoss: realised.logLoss },
  });
  findings.push(...error.findings);
  const { state: policy, alarms } = judgeFindings(before.policy, findings, policySettings);
  return { state: { ...error.state, policy }, alarms, realised, estimated, caveat: estimateCaveat };
};

const show = (error: number): string => error.toFixed(3);
