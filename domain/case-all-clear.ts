import type { Action, ActionType } from './action.ts';
import { begin } from './case-actions.ts';
import { actionsOf, type CaseWork } from './case-work.ts';
import { actionIdOf, plainStep } from './plan-steps.ts';
import { entryOf } from './shipment-case.ts';

const messages: ReadonlySet<ActionType> = new Set(['notify_customer', 'notify_consignee', 'notify_carrier']);
const out: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain', 'confirmed']);
const allClear = 'all_clear:';
export const isAllClear = ({ step }: Action): boolean => step.startsWith(allClear);

/** A message about something withdrawn is followed by an all-clear to the same receiver. */
export const sendAllClears = (work: CaseWork, exceptionId: string): void => {
  const exception = entryOf(work.case.exceptions, exceptionId);
  if (exception?.state !== 'withdrawn') return;
  for (const action of actionsOf(work, exceptionId)) {
    if (!messages.has(action.type) || !out.has(action.state)) continue;
    const playbook = work.rules.playbooks.findLast(({ name }) => name === action.playbook);
    if (playbook?.allClear === undefined) continue;
    const step = `${allClear}${action.type}`;
    begin(work, exception, action.playbook, {
      id: actionIdOf(exceptionId, 'all_clear', `${action.type}>${action.destination}`),
      step,
      type: action.type,
      destination: action.destination,
      template: playbook.allClear.template,
      ...plainStep,
      news: playbook.allClear.template,
      mandatory: true,
    });
  }
};
