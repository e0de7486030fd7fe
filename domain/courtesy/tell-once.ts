import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import type { ActionState } from '../lifecycle.ts';
import { audienceOf, plainDispatch, takesBack } from './audience.ts';
import { KEPT_MS } from './kept.ts';
import { without } from './without.ts';

interface Claim {
  readonly key: string;
  readonly actionId: string;
  readonly exceptionId: string;
  readonly at: number;
  /** It has left; until then others with the same news wait for what becomes of it. */
  readonly isTold: boolean;
}

/** Who tells which news of one shipment, and what of it is under way. */
export interface TellState {
  readonly claims: readonly Claim[];
  readonly waiting: readonly Action[];
  /** Actions that have passed and are not over, and when they did. */
  readonly passed: Readonly<Record<string, number>>;
}

/** An action that is due for the first time, a later version of one that still is, or the end of one. */
export interface Passage {
  readonly kind: 'new' | 'again' | 'end';
  readonly action: Action;
}

export interface TellStep {
  readonly state: TellState;
  /** Go on to the customer's step. */
  readonly passages: readonly Passage[];
  /** Were told already, or were withdrawn while they waited. */
  readonly dispatches: readonly Dispatch[];
  /** When the first claim ends, or something that passed is let go; null without any. */
  readonly wakeAt: number | null;
}

export const nothingTold: TellState = { claims: [], waiting: [], passed: {} };

/** What was told so long ago may be told once more. */
export const TOLD_FOR_MS = 30 * 86_400_000;

const left: ReadonlySet<ActionState> = new Set(['sent', 'uncertain', 'confirmed']);

/** The same news to the same people; null for what is no message, or takes one back. */
const keyOf = (action: Action): string | null => {
  const audience = audienceOf(action);
  const news = action.news ?? null;
  return audience === null || news === null || takesBack(action) ? null : `${audience}:${news}`;
};

interface Work {
  claims: readonly Claim[];
  waiting: readonly Action[];
  passed: TellState['passed'];
  readonly passages: Passage[];
  readonly dispatches: Dispatch[];
  readonly now: number;
}

const tellAlready = ({ dispatches }: Work, action: Action): void => {
  dispatches.push({ ...plainDispatch(action), state: 'suppressed', suppressedBecause: 'told_already' });
};

/** Goes on to the customer's step. */
const pass = (work: Work, action: Action): void => {
  const isKnown = Object.hasOwn(work.passed, action.id);
  if (!isKnown) work.passed = { ...work.passed, [action.id]: work.now };
  work.passages.push({ kind: isKnown ? 'again' : 'new', action });
};

/** What has not passed has no end there either. */
const passEnd = (work: Work, action: Action): void => {
  if (!Object.hasOwn(work.passed, action.id)) return;
  work.passed = without(work.passed, action.id);
  work.passages.push({ kind: 'end', action });
};

const claim = (work: Work, key: string, action: Action): void => {
  const { id: actionId, exceptionId } = action;
  work.claims = [...work.claims, { key, actionId, exceptionId, at: work.now, isTold: false }];
  pass(work, action);
};

/** Nobody tells this news any more: the first that waits for it does. */
const release = (work: Work, { key, actionId }: Claim): void => {
  work.claims = work.claims.filter((one) => one.actionId !== actionId);
  const next = work.waiting.find((action) => keyOf(action) === key);
  if (next === undefined) return;
  work.waiting = work.waiting.filter((action) => action !== next);
  claim(work, key, next);
};

const onDue = (work: Work, action: Action): void => {
  const key = keyOf(action);
  if (key === null) {
    pass(work, action);
    if (!takesBack(action)) return;
    const audience = `${audienceOf(action)}:`;
    work.claims = work.claims.filter(
      (one) => !(one.isTold && one.exceptionId === action.exceptionId && one.key.startsWith(audience)),
    );
    return;
  }
  const standing = work.claims.find((one) => one.key === key);
  if (standing === undefined) claim(work, key, action);
  else if (standing.actionId === action.id) pass(work, action);
  else if (standing.isTold) tellAlready(work, action);
  else work.waiting = [...work.waiting.filter(({ id }) => id !== action.id), action];
};

const onEnd = (work: Work, action: Action): void => {
  if (work.waiting.some(({ id }) => id === action.id)) {
    work.waiting = work.waiting.filter(({ id }) => id !== action.id);
    work.dispatches.push({ ...plainDispatch(action), state: 'cancelled' });
    return;
  }
  passEnd(work, action);
  const own = work.claims.find(({ actionId }) => actionId === action.id);
  if (!left.has(action.state)) {
    if (own !== undefined && !own.isTold) release(work, own);
    return;
  }
  const key = keyOf(action);
  if (key === null) return;
  // One that was called off may turn out to have left all the same.
  const told = own ?? { key, actionId: action.id, exceptionId: action.exceptionId, at: work.now };
  work.claims = [...work.claims.filter((one) => one !== own), { ...told, isTold: true }];
  for (const late of work.waiting.filter((one) => keyOf(one) === key)) tellAlready(work, late);
  work.waiting = work.waiting.filter((one) => keyOf(one) !== key);
};

/**
 * One message per news: what an audience was told about a shipment it is not told again for 30 days. The first action
 * with a news tells it; others wait for what becomes of it. It is sent → the others are suppressed as `told_already` ·
 * it is withdrawn, expires or fails → the next one goes. After an all-clear the news may be told again.
 * Without an action: claims whose time is over end.
 */
export const tellOnce = (state: TellState, action: Action | null, now: number): TellStep => {
  const work: Work = { ...state, passages: [], dispatches: [], now };
  for (const old of state.claims) if (old.at + TOLD_FOR_MS <= now) release(work, old);
  for (const [id, at] of Object.entries(state.passed))
    if (at + KEPT_MS <= now) work.passed = without(work.passed, id);
  if (action?.state === 'due') onDue(work, action);
  else if (action !== null) onEnd(work, action);
  const { claims, waiting, passed, passages, dispatches } = work;
  const ends = [
    ...claims.map(({ at }) => at + TOLD_FOR_MS),
    ...Object.values(passed).map((at) => at + KEPT_MS),
  ];
  return {
    state: { claims, waiting, passed },
    passages,
    dispatches,
    wakeAt: ends.length === 0 ? null : Math.min(...ends),
  };
};
