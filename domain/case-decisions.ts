import type { Action, ActionResult } from './action.ts';
import { replan } from './case-actions.ts';
import { isAllClear, sendAllClears } from './case-all-clear.ts';
import { type CaseWork, moveAction, moveException } from './case-work.ts';
import type { Decision } from './decision.ts';
import { entryOf } from './shipment-case.ts';

const decideAction = (work: CaseWork, action: Action, decision: Decision): void => {
  const by = { decidedBy: decision.by, decidedReason: decision.reason };
  if (decision.verdict === 'refuse') {
    moveAction(work, action, 'refuse', by);
  } else if (action.expiresAt !== null && action.expiresAt <= work.now) {
    moveAction(work, action, 'expire');
    work.refusals.push(`action ${action.id}: approved after it expired`);
  } else if (action.authority === 'recommend') {
    moveAction(work, action, 'take_up', by);
  } else {
    moveAction(work, action, 'approve', { ...by, dueAt: work.now });
  }
};

/** A person's word about an exception or one of its actions. */
export const onDecision = (work: CaseWork, decision: Decision): void => {
  const exception = entryOf(work.case.exceptions, decision.exceptionId);
  const action = entryOf(work.case.actions, decision.actionId);
  if (decision.verdict === 'approve' || decision.verdict === 'refuse') {
    if (action === undefined) work.refusals.push(`decision ${decision.id}: no action ${decision.actionId}`);
    else decideAction(work, action, decision);
  } else if (exception === undefined) {
    work.refusals.push(`decision ${decision.id}: no exception ${decision.exceptionId}`);
  } else {
    moveException(work, exception, decision.verdict === 'acknowledge' ? 'acknowledge' : 'condition_cleared');
  }
  replan(work, action?.exceptionId ?? decision.exceptionId);
};

/** The dispatcher's word about an attempt: moves the action, and the exception when something may now help. */
export const onActionResult = (work: CaseWork, result: ActionResult): void => {
  const action = entryOf(work.case.actions, result.actionId);
  if (action === undefined) {
    work.refusals.push(`result ${result.id}: no action ${result.actionId}`);
    return;
  }
  const left = result.result === 'sent' || result.result === 'confirmed';
  const sentAt = left ? (action.sentAt ?? result.at) : action.sentAt;
  if (!moveAction(work, action, `result_${result.result}`, { sentAt })) return;
  const { customerToldAt } = work.case;
  if (left && action.type === 'notify_customer' && !isAllClear(action)) {
    work.case = { ...work.case, customerToldAt: Math.min(customerToldAt ?? Infinity, result.at) };
  }
  const exception = entryOf(work.case.exceptions, action.exceptionId);
  if (exception !== undefined && left && action.type !== 'escalate') {
    moveException(work, exception, 'action_sent');
  }
  replan(work, action.exceptionId);
  sendAllClears(work, action.exceptionId);
};
