import type { Action } from '../action.ts';
import { noted, upBy } from './agenda.ts';
import { stillSpent } from './budget.ts';
import { endCovered, wakeDigests } from './conclude.ts';
import {
  type CustomerContext,
  type CustomerEvent,
  type CustomerState,
  type CustomerStep,
  type CustomerWork,
  nextOf,
} from './customer-state.ts';
import { arrive, close, departHeld, keepHeld } from './depart.ts';
import { KEPT_MS } from './kept.ts';
import { reworded } from './next-version.ts';

/** It is not due any more: withdrawn, run out, or executed. Of what is held, nothing leaves. */
const onEnd = (work: CustomerWork, action: Action): void => {
  const held = noted(work.state.held, action.id);
  if (held !== undefined) return close(work, held, 'cancelled', null, action.state === 'cancelled');
  work.followed.push({ kind: 'end', action });
  endCovered(work, action);
};

/** A later version of one that is still due: what is held will leave with its new words. */
const onAgain = (work: CustomerWork, action: Action): void => {
  const held = noted(work.state.held, action.id);
  if (held === undefined) return void work.followed.push({ kind: 'again', action });
  const dispatch = reworded(held.dispatch, action);
  if (dispatch !== null) keepHeld(work, { ...held, dispatch });
};

const forgetOld = (work: CustomerWork): void => {
  const { now } = work;
  for (const held of upBy(work.state.held, now))
    if (held.since + KEPT_MS <= now) close(work, held, 'cancelled', null, true);
  wakeDigests(work);
};

const answer = (work: CustomerWork, event: CustomerEvent): void => {
  switch (event.kind) {
    case 'new':
      return arrive(work, event.action);
    case 'again':
      return onAgain(work, event.action);
    case 'end':
      return onEnd(work, event.action);
    case 'directory':
      work.state = { ...work.state, contacts: event.directory.contacts };
      return;
    case 'wake':
      return forgetOld(work);
  }
};

/**
 * What one more thing heard of a customer's actions makes of them: which leave now, which are held through quiet
 * hours or for a digest, which do not leave at all. Pure: the same state, event and context give the same step.
 * Every action that was due once ends in one of: due, covered by a digest, suppressed, cancelled.
 */
export const advanceCourtesy = (
  state: CustomerState,
  event: CustomerEvent,
  context: CustomerContext,
): CustomerStep => {
  const work: CustomerWork = { ...context, state, departures: [], followed: [] };
  if (nextOf(state) <= context.now) {
    const spent = stillSpent(state.spent, context.now);
    if (spent !== state.spent) work.state = { ...state, spent };
    departHeld(work);
  }
  answer(work, event);
  const next = nextOf(work.state);
  return {
    state: work.state,
    departures: work.departures,
    followed: work.followed,
    wakeAt: next === Infinity ? null : next,
  };
};
