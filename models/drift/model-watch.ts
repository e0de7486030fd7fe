import { adwin, adwinDefaults, adwinStart, type AdwinState } from './adwin.ts';
import {
  alarmPolicyDefaults,
  type AlarmPolicySettings,
  type AlarmPolicyState,
  alarmPolicyStart,
  judgeFindings,
} from './alarm-policy.ts';
import { dataDrift, type FeatureReferences } from './data-drift.ts';
import type { FeatureValues } from './compare-feature.ts';
import { errorShiftStart, type ErrorShiftState, observeError } from './error-shift.ts';
import { estimateCaveat, estimatedQuality, type EstimatedQuality } from './estimated-quality.ts';
import type { Finding } from './finding.ts';
import { pageHinkley, pageHinkleyDefaults, pageHinkleyStart, type PageHinkleyState } from './page-hinkley.ts';
import { type RealisedQuality, realisedQuality } from './realised-quality.ts';

const DAY_MS = 86_400_000;
/** A shift that took longer to be seen is small or slow. */
const FRESH_MS = 21 * DAY_MS;
/** Fewer rows say nothing of a day. */
const MIN_ROWS = 30;
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

/** Plain data: some hundred numbers, and the error of each of the last 400 blocks. */
export interface ModelWatchState {
  readonly shift: ErrorShiftState;
  readonly adwin: AdwinState;
  readonly pageHinkley: PageHinkleyState;
  readonly policy: AlarmPolicyState;
}

export const modelWatchStart: ModelWatchState = {
  shift: errorShiftStart,
  adwin: adwinStart,
  pageHinkley: pageHinkleyStart,
  policy: alarmPolicyStart,
};

export interface ModelObservation {
  readonly state: ModelWatchState;
  /** What is told, after the alarm policy. */
  readonly alarms: readonly Finding[];
  readonly realised: RealisedQuality | null;
  readonly estimated: EstimatedQuality | null;
  readonly caveat: typeof estimateCaveat;
}

/**
 * One block more. Only the realised error can ask for a new model: a fresh shift of its level. A shift that took more
 * than three weeks to be seen, ADWIN, Page-Hinkley, a worse estimate and moved inputs are warnings at most.
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
  const error = observeError(before.shift, { from: block.from, error: realised.brier });
  const detectors = observeDetectors(before, realised.brier / reference.brier);
  if (error.shift !== null) {
    const { changedAt, before: old, after, strength } = error.shift;
    const isFresh = closedAt - changedAt <= FRESH_MS;
    findings.push({
      kind: isFresh ? 'error-shift' : 'error-creep',
      subject: model,
      grade: isFresh ? 'retrain' : 'warning',
      at: closedAt,
      since: changedAt,
      text: `the Brier score has moved from ${show(old)} to ${show(after)}`,
      numbers: { before: old, after, strength, auc: realised.auc, logLoss: realised.logLoss },
    });
  }
  for (const detector of detectors.found) {
    const text = `${detector} finds another level of the Brier score by day`;
    const numbers = { brier: realised.brier, reference: reference.brier };
    const kind = 'block-detector';
    findings.push({ kind, subject: model, grade: 'note', at: closedAt, since: block.from, text, numbers });
  }
  const { state: policy, alarms } = judgeFindings(before.policy, findings, policySettings);
  const { found: _, ...states } = detectors;
  return {
    state: { ...states, shift: error.state, policy },
    alarms,
    realised,
    estimated,
    caveat: estimateCaveat,
  };
};

/** On blocks of a day: ADWIN looks at each, Page-Hinkley lets a fifth of the reference's error pass. */
const observeDetectors = (before: ModelWatchState, relative: number) => {
  const window = adwin(before.adwin, relative, { ...adwinDefaults, clock: 1 });
  const page = pageHinkley(before.pageHinkley, relative, {
    ...pageHinkleyDefaults,
    delta: 0.2,
    threshold: 3,
  });
  const found = [...(window.found ? ['ADWIN'] : []), ...(page.found ? ['Page-Hinkley'] : [])];
  return { adwin: window, pageHinkley: page, found };
};

const show = (error: number): string => error.toFixed(3);
