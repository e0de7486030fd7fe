import type { Action } from './action.ts';
import { factsOf, replan } from './case-actions.ts';
import { type CaseWork, moveAction } from './case-work.ts';
import { allows } from './plan-steps.ts';
import { entryOf } from './shipment-case.ts';
import { playbookOf, stepOf } from './step-of.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** Whether the step's guard still holds now that the wait is over; of a step that is gone, nothing is known against it. */
const stillWanted = (work: CaseWork, action: Action): boolean => {
  const exception = entryOf(work.case.exceptions, action.exceptionId);
  if (exception === undefined) return false;
  const guard = stepOf(work.rules, action)?.guard;
  const currency = playbookOf(work.rules, action)?.currency ?? action.costCurrency;
  return guard === undefined || allows(guard, factsOf(work, exception), currency);
};

/**
 * The wait of an action is over, by its time or by a status: it is due, or asks for its approval. It expires where the
 * status makes it needless, or has not come and the step is to be dropped then. Where its guard holds no more it is
 * cancelled, and planned once more if the guard should hold again.
 * `{ unless: [picked_up], within: 2h }` from 15:10: picked up at 15:40 → it expires at 15:40 · not by 17:10 → due then.
 */
export const releaseWait = (work: CaseWork, action: Action, by: 'time' | 'status'): void => {
  const wait = entryOf(work.case.waits, action.id);
  const approvalMs = wait?.approvalMs ?? null;
  if (by === 'status' && wait?.onStatus === 'drop') moveAction(work, action, 'expire');
  else if (!stillWanted(work, action)) moveAction(work, action, 'cancel', { dueAt: null });
  else if (by === 'time' && wait?.otherwise === 'drop') moveAction(work, action, 'expire');
  else if (approvalMs === null) {
    moveAction(work, action, 'release', { dueAt: work.now });
  } else {
    const approvalDueAt = Math.min(work.now + approvalMs, action.expiresAt ?? Infinity);
    moveAction(work, action, 'ask', { dueAt: null, approvalDueAt });
  }
  replan(work, action.exceptionId);
};

/** Ends the waits for a status that the shipment has now. */
export const onStatus = (work: CaseWork, status: TrackingEvent['status']): void => {
  for (const [id, { statuses }] of Object.entries(work.case.waits)) {
    const action = entryOf(work.case.actions, id);
    if (action?.state === 'proposed' && statuses.includes(status)) releaseWait(work, action, 'status');
  }
};
