import type { Action, ActionType } from '../action.ts';
import { isAllClear } from '../case-make-good.ts';
import type { Contact } from '../directory.ts';
import type { Dispatch } from '../dispatch.ts';

const audiences: Partial<Record<ActionType, Contact['role']>> = {
  notify_customer: 'customer',
  notify_consignee: 'consignee',
};

/** To whom of a customer's people an action speaks; null for what is no message to them, such as one to the carrier. */
export const audienceOf = ({ type }: Pick<Action, 'type'>): Contact['role'] | null => audiences[type] ?? null;

/** Takes back what was said before; it is never told already, and after it the news may be told again. */
export const takesBack = (action: Action): boolean =>
  isAllClear(action) || (action.compensates ?? null) !== null;

/** An action as it would leave if nobody had a say in it. */
export const plainDispatch = (action: Action): Dispatch => ({
  ...action,
  recipients: [],
  thread: '',
  covers: [],
  heldUntil: null,
  heldBecause: null,
  suppressedBecause: null,
});
