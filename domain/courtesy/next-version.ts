import type { Action } from '../action.ts';
import type { Dispatch } from '../dispatch.ts';
import { sameContent } from '../same-content.ts';
import { plainDispatch } from './audience.ts';

/** The next version of a dispatch, with what has changed. */
export const nextVersion = (dispatch: Dispatch, change: Partial<Dispatch>, now: number): Dispatch => ({
  ...dispatch,
  ...change,
  version: dispatch.version + 1,
  at: now,
  heardAt: now,
});

/** A dispatch with the words of a later version of its action; null when those are no others. */
export const reworded = (dispatch: Dispatch, action: Action): Dispatch | null => {
  const { recipients, thread, version, dueAt, state, heldUntil, heldBecause } = dispatch;
  const kept = { recipients, thread, version, state, heldUntil, heldBecause };
  const next: Dispatch = { ...plainDispatch(action), ...kept, dueAt: state === 'due' ? dueAt : action.dueAt };
  return sameContent(dispatch, next) ? null : next;
};
