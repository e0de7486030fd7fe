import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import type { ActionState } from '../lifecycle.ts';
import { audienceOf, plainDispatch, takesBack } from './audience.ts';

interface Claim {
  readonly key: string;
  readonly actionId: string;
  readonly exceptionId: string;
  readonly at: number;
  /** It has left; until then others with the same news wait for what becomes of it. */
  readonly isTold: boolean;
}

/** Who tells which news of one shipment. */
export interface TellState {
  readonly claims: readonly Claim[];
  readonly waiting: readonly Action[];
}

export interface TellStep {
  readonly state: TellState;
  /** Go on to the customer's step. */
  readonly passed: readonly Action[];
  /** Were told already, or were withdrawn while they waited. */
  readonly dispatches: readonly Dispatch[];
  /** When the first claim ends; null without any. */
  readonly wakeAt: number | null;
}

export const nothingTold: TellState = { claims: [], waiting: [] };

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
  readonly passed: Action[];
  readonly dispatches: Dispatch[];
  readonly now: number;
}

const tellAlready = ({ dispatches }: Work, action: Action): void => {
  dispatches.push({ ...plainDispatch(action), state: 'suppressed', suppressedBecause: 'told_already' });
};

const claim = (work: Work, key: string, action: Action): void => {
  const { id: actionId, exceptionId } = action;
  work.claims = [...work.claims, { key, actionId, exceptionId, at: work.now, isTold: false }];
  work.passed.push(action);
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
    work.passed.push(action);
    if (!takesBack(action)) return;
    const audience = `${audienceOf(action)}:`;
    work.claims = work.claims.filter(
      (one) => !(one.isTold && one.exceptionId === action.exceptionId && one.key.startsWith(audience)),
    );
    return;
  }
  const standing = work.claims.find((one) => one.key === key);
  if (standing === undefined) claim(work, key, action);
  else if (standing.actionId === action.id) work.passed.push(action);
  else if (standing.isTold) tellAlready(work, action);
  else work.waiting = [...work.waiting.filter(({ id }) => id !== action.id), action];
};

const onEnd = (work: Work, action: Action): void => {
  if (work.waiting.some(({ id }) => id === action.id)) {
    work.waiting = work.waiting.filter(({ id }) => id !== action.id);
    work.dispatches.push({ ...plainDispatch(action), state: 'cancelled' });
    return;
  }
  work.passed.push(action);
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
  const work: Work = { ...state, passed: [], dispatches: [], now };
  for (const old of state.claims) if (old.at + TOLD_FOR_MS <= now) release(work, old);
  if (action?.state === 'due') onDue(work, action);
  else if (action !== null) onEnd(work, action);
  const { claims, waiting, passed, dispatches } = work;
  const ends = claims.map(({ at }) => at + TOLD_FOR_MS);
  return {
    state: { claims, waiting },
    passed,
    dispatches,
    wakeAt: ends.length === 0 ? null : Math.min(...ends),
  };
};
