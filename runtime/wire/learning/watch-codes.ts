import {
  type AlarmPolicySettings,
  type AlarmPolicyState,
  alarmPolicyStart,
  judgeFindings,
} from '../../../models/drift/alarm-policy.ts';
import type { Finding } from '../../../models/drift/finding.ts';
import { newCodes, type UnmappedCode } from '../../../models/drift/new-codes.ts';

export interface WatchedCodes {
  /** Whole days before this one have been looked at. */
  readonly until: number;
  readonly policy: AlarmPolicyState;
}

export const codesStart: WatchedCodes = { until: 0, policy: alarmPolicyStart };

export interface CodesOptions {
  /** Codes that nothing maps, by a name that tells partner and place, and how often events of a period had them. */
  readonly unmapped: (
    from: number,
    to: number,
  ) => Promise<readonly { readonly code: string; readonly events: number }[]>;
  readonly now: number;
  /** When the first prediction was made; null while there is none. */
  readonly begin: number | null;
  readonly policy: AlarmPolicySettings;
}

const DAY_MS = 86_400_000;
const LATELY_DAYS = 7;
const BEFORE_DAYS = 28;
/** Before a line has heard so much everything is new to it. */
const LEAST_BEFORE_DAYS = 7;

/**
 * Once a day, codes that nothing maps and that are rising: the last seven whole days against the four weeks before them, or
 * against what there is of those. At day 100, 15:00: [93; 100) against [65; 93), and for a line that began in day 80
 * against [80; 93).
 */
export const watchCodes = async (
  before: WatchedCodes,
  { unmapped, now, begin, policy }: CodesOptions,
): Promise<{ readonly state: WatchedCodes; readonly alarms: readonly Finding[] }> => {
  const today = Math.floor(now / DAY_MS);
  const lately = today - LATELY_DAYS;
  // The day in which it began is no whole one.
  const first = Math.max(lately - BEFORE_DAYS, Math.floor((begin ?? now) / DAY_MS) + 1);
  if (begin === null || today * DAY_MS <= before.until || lately - first < LEAST_BEFORE_DAYS)
    return { state: before, alarms: [] };
  const [of, old] = await Promise.all([
    unmapped(lately * DAY_MS, today * DAY_MS),
    unmapped(first * DAY_MS, lately * DAY_MS),
  ]);
  const known = new Map(old.map(({ code, events }) => [code, events]));
  const seen = of.map(({ code, events }): UnmappedCode => ({
    code,
    before: known.get(code) ?? 0,
    beforeDays: lately - first,
    lately: events,
    latelyDays: LATELY_DAYS,
  }));
  const { state, alarms } = judgeFindings(before.policy, newCodes(seen, today * DAY_MS), policy);
  return { state: { until: today * DAY_MS, policy: state }, alarms };
};
