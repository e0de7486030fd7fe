import type { Action, ActionType } from './action.ts';
import { isAcknowledgement, isStandDown } from './alert-steps.ts';
import { begin } from './case-actions.ts';
import { actionsOf, type CaseWork } from './case-work.ts';
import type { ShipmentException } from './exception.ts';
import { actionIdOf, plainStep } from './plan-steps.ts';
import type { Playbook } from './playbook.ts';
import { entryOf } from './shipment-case.ts';
import { playbookOf } from './step-of.ts';

const messages: ReadonlySet<ActionType> = new Set(['notify_customer', 'notify_consignee', 'notify_carrier']);
const out: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain', 'confirmed']);
const allClear = 'all_clear:';
const compensate = 'compensate:';
export const isAllClear = ({ step }: Action): boolean => step.startsWith(allClear);
const makesGood = (action: Action): boolean =>
  isAllClear(action) ||
  action.step.startsWith(compensate) ||
  isStandDown(action) ||
  isAcknowledgement(action);

/** To the same receiver, once, however many messages it got about this exception. */
const sendAllClear = (work: CaseWork, exception: ShipmentException, action: Action, book: Playbook): void => {
  if (book.allClear === undefined || !messages.has(action.type)) return;
  begin(work, exception, action.playbook, {
    ...plainStep,
    id: actionIdOf(exception.id, 'all_clear', `${action.type}>${action.destination}`),
    step: `${allClear}${action.type}`,
    type: action.type,
    destination: action.destination,
    template: book.allClear.template,
    news: book.allClear.template,
    mandatory: true,
    compensates: action.id,
  });
};

const undo = (work: CaseWork, exception: ShipmentException, action: Action, book: Playbook): void => {
  const wanted = book.steps.find(({ id }) => id === action.step)?.compensate;
  if (wanted === undefined) return;
  begin(work, exception, action.playbook, {
    ...plainStep,
    id: actionIdOf(exception.id, compensate, action.id),
    step: `${compensate}${action.step}`,
    type: wanted.action,
    destination: wanted.destination,
    template: wanted.template,
    mandatory: true,
    compensates: action.id,
  });
};

/**
 * What has left about an exception that turns out never to have been is made good: a message by an all-clear to the
 * same receiver, anything else by the compensation that its step names.
 */
export const makeGood = (work: CaseWork, exceptionId: string): void => {
  const exception = entryOf(work.case.exceptions, exceptionId);
  if (exception?.state !== 'withdrawn') return;
  for (const action of actionsOf(work, exceptionId)) {
    if (!out.has(action.state) || makesGood(action)) continue;
    const book = playbookOf(work.rules, action);
    if (book === undefined) continue;
    sendAllClear(work, exception, action, book);
    undo(work, exception, action, book);
  }
};
