import { type AlarmPolicySettings, judgeFindings } from './alarm-policy.ts';
import { type FamilyQuality } from './family-quality.ts';
import type { Finding } from './finding.ts';
import { MIN_ROWS, type ModelWatchState } from './model-watch.ts';
import { watchError } from './watch-error.ts';

export interface FamilyBlock {
  readonly from: number;
  /** When the last of its labels was known. */
  readonly closedAt: number;
  /** Null where no end was known. */
  readonly quality: FamilyQuality | null;
}

export interface FamilyObservation {
  readonly state: ModelWatchState;
  readonly alarms: readonly Finding[];
  /** Error of the first block that could be judged; what it is held against. */
  readonly usual: number | null;
}

/**
 * One block more of a model that is served beside the judged one: of its arrivals, causes or the risk of a category only the
 * realised error is watched. Its inputs are those of the judged model, which is asked about them.
 */
export const observeFamily = (
  subject: string,
  before: ModelWatchState,
  { from, closedAt, quality }: FamilyBlock,
  usual: number | null,
  settings: AlarmPolicySettings,
): FamilyObservation => {
  if (quality === null || quality.rows < MIN_ROWS) return { state: before, alarms: [], usual };
  const { measure, error, calibration, coverage, realised } = quality;
  const since = usual ?? error;
  const { state, findings } = watchError(before, {
    subject,
    measure,
    from,
    closedAt,
    error,
    // A first day without any error would make every later one infinitely worse.
    usual: Math.max(since, 1e-6),
    numbers: {
      calibration,
      ...(coverage === null ? {} : { coverage }),
      ...(realised === null ? {} : { auc: realised.auc, logLoss: realised.logLoss }),
    },
  });
  const { state: policy, alarms } = judgeFindings(before.policy, findings, settings);
  return { state: { ...state, policy }, alarms, usual: since };
};
