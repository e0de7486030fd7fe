import type { Dispatch } from '../dispatch.ts';
import { entryOf } from '../shipment-case.ts';
import { fits, spend, type Spent, stillSpent } from './budget.ts';
import type { Departure } from './customer-state.ts';

interface Ruling {
  readonly isGranted: boolean;
  readonly until: number;
}

/** What has left of one step of a playbook, over all customers. */
export interface DayBudgetState {
  /** By day. */
  readonly spent: Readonly<Record<string, Spent>>;
  /** What was said to a dispatch: its later versions are told the same. */
  readonly rulings: Readonly<Record<string, Ruling>>;
}

export interface DayBudgetStep {
  readonly state: DayBudgetState;
  readonly dispatch: Dispatch | null;
  readonly wakeAt: number | null;
}

export const nothingSpent: DayBudgetState = { spent: {}, rulings: {} };

/** Later versions come within days: an action does not stay due for longer. */
const RULED_FOR_MS = 7 * 86_400_000;

const stillRuled = (rulings: DayBudgetState['rulings'], now: number): DayBudgetState['rulings'] => {
  const entries = Object.entries(rulings);
  const left = entries.filter(([, { until }]) => until > now);
  return left.length === entries.length ? rulings : Object.fromEntries(left);
};

const wakeAtOf = ({ spent, rulings }: DayBudgetState): number | null => {
  const ends = [...Object.values(spent), ...Object.values(rulings)].map(({ until }) => until);
  return ends.length === 0 ? null : ends.reduce((a, b) => Math.min(a, b));
};

/**
 * Grants or denies what one step may send in a day over all customers, in the order of the log.
 * count 2: due at 9, 10, 11 h → due, due, suppressed as `budget_spent`; one that is mandatory at 12 h → due.
 * A grant is not given back by what is withdrawn later: it may have left. Without a departure: days that are over end.
 */
export const advanceDayBudget = (
  before: DayBudgetState,
  departure: Departure | null,
  now: number,
): DayBudgetStep => {
  const state = { spent: stillSpent(before.spent, now), rulings: stillRuled(before.rulings, now) };
  const budget = departure?.dayBudget ?? null;
  const dispatch = departure?.dispatch ?? null;
  if (dispatch === null || budget === null || dispatch.state !== 'due')
    return { state, dispatch, wakeAt: wakeAtOf(state) };
  const ruled = entryOf(state.rulings, dispatch.id);
  const spent = entryOf(state.spent, budget.day);
  const isGranted = ruled?.isGranted ?? (dispatch.mandatory || fits(budget.limit, spent, dispatch.costMinor));
  const next: DayBudgetState =
    ruled !== undefined
      ? state
      : {
          spent: isGranted
            ? { ...state.spent, [budget.day]: spend(spent, dispatch.costMinor, now) }
            : state.spent,
          rulings: { ...state.rulings, [dispatch.id]: { isGranted, until: now + RULED_FOR_MS } },
        };
  return {
    state: next,
    dispatch: isGranted ? dispatch : { ...dispatch, state: 'suppressed', suppressedBecause: 'budget_spent' },
    wakeAt: wakeAtOf(next),
  };
};
