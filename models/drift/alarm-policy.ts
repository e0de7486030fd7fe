import type { DriftGrade, Finding } from './finding.ts';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

export interface AlarmPolicySettings {
  /** The same subject is told again only after so long, unless it has become graver. */
  readonly coolDownMs: number;
  /** Between two alarms of retraining grade of one model: a new one has to learn, and to be seen at work. */
  readonly retrainCoolDownMs: number;
  /** Alarms of retraining grade in any 365 days; what is beyond is a warning that says so. */
  readonly retrainPerYear: number;
}

export const alarmPolicyDefaults: AlarmPolicySettings = {
  coolDownMs: 7 * DAY_MS,
  retrainCoolDownMs: 7 * DAY_MS,
  retrainPerYear: 12,
};

/** When what was told last, and the alarms of retraining grade of a year; plain data. */
export interface AlarmPolicyState {
  readonly told: Readonly<Record<string, { readonly at: number; readonly grade: DriftGrade }>>;
  readonly retrainedAt: readonly number[];
}

export const alarmPolicyStart: AlarmPolicyState = { told: {}, retrainedAt: [] };

const rank: Readonly<Record<DriftGrade, number>> = { note: 0, warning: 1, retrain: 2 };

/**
 * Which findings are told, and as what. One subject is told once in a week, again at once if graver. Retraining is
 * asked for at most once in a week and twelve times a year: day 1 a shift → retrain, day 4 another → warning "cooling
 * down", day 9 another → retrain.
 */
export const judgeFindings = (
  state: AlarmPolicyState,
  findings: readonly Finding[],
  settings: AlarmPolicySettings = alarmPolicyDefaults,
): { readonly state: AlarmPolicyState; readonly alarms: readonly Finding[] } => {
  const told = { ...state.told };
  let { retrainedAt } = state;
  const alarms: Finding[] = [];
  for (const finding of [...findings].sort((a, b) => rank[b.grade] - rank[a.grade])) {
    const { kind, subject, at } = finding;
    const inYear = retrainedAt.filter((time) => time > at - YEAR_MS);
    const alarm = withinBudget(finding, inYear, settings);
    const key = `${kind} ${subject}`;
    const before = told[key];
    const isRepeated =
      before !== undefined && at - before.at < settings.coolDownMs && rank[alarm.grade] <= rank[before.grade];
    if (isRepeated) continue;
    told[key] = { at, grade: alarm.grade };
    retrainedAt = alarm.grade === 'retrain' ? [...inYear, at] : inYear;
    alarms.push(alarm);
  }
  return { state: { told, retrainedAt }, alarms };
};

const withinBudget = (
  finding: Finding,
  inYear: readonly number[],
  { retrainCoolDownMs, retrainPerYear }: AlarmPolicySettings,
): Finding => {
  if (finding.grade !== 'retrain') return finding;
  const isCooling = finding.at - (inYear.at(-1) ?? Number.NEGATIVE_INFINITY) < retrainCoolDownMs;
  const why = isCooling
    ? 'no retraining: one was asked for just now'
    : inYear.length >= retrainPerYear
      ? `no retraining: ${retrainPerYear} were asked for within a year`
      : null;
  return why === null ? finding : { ...finding, grade: 'warning', text: `${finding.text}; ${why}` };
};
