import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import { entryOf } from '../shipment-case.ts';
import type { DayBudget } from './budget.ts';
import type { Departure } from './customer-state.ts';
import { foundOut, KEPT_MS } from './kept.ts';
import { nextVersion, reworded } from './next-version.ts';
import { without } from './without.ts';

/** An action that has left, by itself (`due`) or in a digest (`proposed`), and whose end is not known yet. */
export interface Left {
  /** As it was last published. */
  readonly dispatch: Dispatch;
  /** How much of its step may leave in a day over all customers. Later versions go the same way. */
  readonly dayBudget: DayBudget | null;
  /** When it came to the customer's step. */
  readonly since: number;
}

/** What the customer's step hands on: what has left, and what is heard later of something that it does not hold. */
export type Followed =
  | { readonly kind: 'left'; readonly left: Left }
  | { readonly kind: 'again' | 'end'; readonly action: Action };

/** What of one shipment is under way, by action. */
export type DepartedState = Readonly<Record<string, Left>>;

export interface DepartedStep {
  /** The same object when nothing has changed. */
  readonly state: DepartedState;
  readonly departures: readonly Departure[];
  /** When the first is let go; null without any. */
  readonly wakeAt: number | null;
}

export const nothingLeft: DepartedState = {};

const published = ({ dispatch, dayBudget }: Left, change: Partial<Dispatch>, now: number): Departure => ({
  dispatch: nextVersion(dispatch, change, now),
  dayBudget,
});

const over = { heldUntil: null, heldBecause: null, suppressedBecause: null } as const;
const called: Partial<Dispatch> = { state: 'cancelled', ...over };
const lapsed: Partial<Dispatch> = { state: 'expired', ...over };

const follow = (state: DepartedState, event: Followed, now: number): Omit<DepartedStep, 'wakeAt'> => {
  if (event.kind === 'left')
    return { state: { ...state, [event.left.dispatch.id]: event.left }, departures: [] };
  const { kind, action } = event;
  const known = entryOf(state, action.id);
  if (known === undefined) return { state, departures: [] };
  if (kind === 'end') {
    const departures = foundOut.has(action.state) ? [] : [published(known, called, now)];
    return { state: without(state, action.id), departures };
  }
  // A digest says what it said.
  const dispatch = known.dispatch.state === 'due' ? reworded(known.dispatch, action) : null;
  if (dispatch === null) return { state, departures: [] };
  const departure = published({ ...known, dispatch }, {}, now);
  return {
    state: { ...state, [action.id]: { ...known, dispatch: departure.dispatch } },
    departures: [departure],
  };
};

/** What nobody has said the end of in thirty days has lapsed, and the dispatcher says so if it still has it. */
const letGo = (state: DepartedState, now: number): Omit<DepartedStep, 'wakeAt'> => {
  const old = Object.values(state).filter(({ since }) => since + KEPT_MS <= now);
  return {
    state: old.reduce((rest, { dispatch }) => without(rest, dispatch.id), state),
    departures: old.map((left) => published(left, lapsed, now)),
  };
};

/**
 * Later versions of what has left: new words give a new version, a withdrawal the last one; what the dispatcher found
 * out it knows already. due at 9:00 as version 1, due with other words at 9:05 → version 2, cancelled at 9:10 →
 * version 3 · due at 9:00, sent at 9:05 → nothing more. Without an event: what has waited for thirty days is let go.
 */
export const followDeparted = (before: DepartedState, event: Followed | null, now: number): DepartedStep => {
  const { state, departures } = event === null ? letGo(before, now) : follow(before, event, now);
  const ends = Object.values(state).map(({ since }) => since + KEPT_MS);
  return { state, departures, wakeAt: ends.length === 0 ? null : Math.min(...ends) };
};
