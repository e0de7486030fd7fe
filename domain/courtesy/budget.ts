import type { Action } from '../action.ts';
import type { StepBudget } from '../playbook.ts';
import type { Rules } from '../rules.ts';
import { stepOf } from '../step-of.ts';

export type Limit = NonNullable<StepBudget['perDay']>;

/** What has left of a step in one day. */
export interface Spent {
  readonly count: number;
  readonly costMinor: number;
  /** Log time after which the day is over wherever it was counted. */
  readonly until: number;
}

/** A limit over all customers, and the day on which it counts. */
export interface DayBudget {
  readonly limit: Limit;
  readonly day: string;
}

/** A day ends within 25 hours, also when clocks are put back. */
const LONGEST_DAY_MS = 25 * 3_600_000;

export const budgetOf = (rules: Rules, action: Action): StepBudget | undefined =>
  stepOf(rules, action)?.budget;

/** `dayOf(2026-03-01T23:30Z, 60)` → 2026-03-02. */
export const dayOf = (at: number, utcOffsetMin: number): string =>
  new Date(at + utcOffsetMin * 60_000).toISOString().slice(0, 10);

export const stepKey = ({ playbook, step }: Pick<Action, 'playbook' | 'step'>): string =>
  `${playbook}|${step}`;

/** count 3, spent 2 → one more fits; costMinor 100, spent 80 → one for 20 fits, one for 21 does not. */
export const fits = (limit: Limit, spent: Spent | undefined, costMinor: number): boolean =>
  (spent?.count ?? 0) + 1 <= (limit.count ?? Infinity) &&
  (spent?.costMinor ?? 0) + costMinor <= (limit.costMinor ?? Infinity);

export const spend = (spent: Spent | undefined, costMinor: number, now: number): Spent => ({
  count: (spent?.count ?? 0) + 1,
  costMinor: (spent?.costMinor ?? 0) + costMinor,
  until: spent?.until ?? now + LONGEST_DAY_MS,
});

/** Days that are over are forgotten. */
export const stillSpent = (
  all: Readonly<Record<string, Spent>>,
  now: number,
): Readonly<Record<string, Spent>> => {
  const entries = Object.entries(all);
  const left = entries.filter(([, { until }]) => until > now);
  return left.length === entries.length ? all : Object.fromEntries(left);
};
