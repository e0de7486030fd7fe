import { type Action, type ActionResult, NEVER_LEFT } from './action.ts';
import { replan } from './case-actions.ts';
import { isAllClear, makeGood } from './case-make-good.ts';
import { type CaseWork, moveAction, moveException, putAction, putException } from './case-work.ts';
import type { Decision } from './decision.ts';
import type { ShipmentException } from './exception.ts';
import { entryOf } from './shipment-case.ts';

const mayDecide = ({ role }: Action, { roles }: Decision): boolean =>
  role === null || roles.includes('*') || roles.includes(role);

/** Counts one more yes; the action is due when as many different people have said it as its step asks for. */
const approve = (work: CaseWork, action: Action, decision: Decision): void => {
  if (action.approvals.some(({ by }) => by === decision.by)) {
    work.refusals.push(`action ${action.id}: ${decision.by} has approved it already; another person must`);
    return;
  }
  const approvals = [...action.approvals, { by: decision.by, role: action.role, at: Math.floor(work.now) }];
  const decided = {
    approvals,
    decidedBy: approvals.map(({ by }) => by).join(', '),
    decidedReason: decision.reason,
  };
  if (action.state === 'awaiting_approval' && approvals.length < action.approvalsNeeded) {
    putAction(work, { ...action, ...decided });
  } else moveAction(work, action, 'approve', { ...decided, dueAt: work.now });
};

const decideAction = (work: CaseWork, action: Action, decision: Decision): void => {
  const by = { decidedBy: decision.by, decidedReason: decision.reason };
  if (!mayDecide(action, decision)) {
    work.refusals.push(`action ${action.id}: ${decision.by} is not a ${action.role}`);
  } else if (decision.verdict === 'refuse') {
    moveAction(work, action, 'refuse', by);
  } else if (action.expiresAt !== null && action.expiresAt <= work.now) {
    moveAction(work, action, 'expire');
    work.refusals.push(`action ${action.id}: approved after it expired`);
  } else if (action.authority === 'recommend') {
    moveAction(work, action, 'take_up', by);
  } else {
    approve(work, action, decision);
  }
};

const snooze = (work: CaseWork, exception: ShipmentException, { id, until }: Decision): void => {
  if (until === null || until <= work.now) {
    work.refusals.push(`decision ${id}: snoozed until ${until ?? 'no time'}, which is not ahead`);
    return;
  }
  moveException(work, exception, 'snooze');
  const now = entryOf(work.case.exceptions, exception.id);
  if (now?.state === 'snoozed') putException(work, { ...now, snoozedUntil: until });
};

const decideException = (work: CaseWork, exception: ShipmentException, decision: Decision): void => {
  switch (decision.verdict) {
    case 'acknowledge':
      return moveException(work, exception, 'acknowledge');
    case 'resolve':
      return moveException(work, exception, 'condition_cleared');
    case 'snooze':
      return snooze(work, exception, decision);
    case 'wake':
      return moveException(work, exception, 'wake');
    case 'assign':
      return putException(work, { ...exception, assignee: decision.assignee });
    case 'comment':
    case 'approve':
    case 'refuse':
      return;
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
    decideException(work, exception, decision);
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
  if (result.error === NEVER_LEFT && action.state === 'cancelled') {
    // It counts as never begun from now on: should its exception come back, its step is planned again.
    putAction(work, { ...action, decidedReason: NEVER_LEFT });
    replan(work, action.exceptionId);
    return;
  }
  const left = result.result === 'sent' || result.result === 'confirmed';
  const sentAt = left ? (action.sentAt ?? result.at) : action.sentAt;
  const why = result.result === 'suppressed' ? { decidedReason: result.error } : {};
  if (!moveAction(work, action, `result_${result.result}`, { sentAt, ...why })) return;
  const { customerToldAt } = work.case;
  if (left && action.type === 'notify_customer' && !isAllClear(action)) {
    work.case = { ...work.case, customerToldAt: Math.min(customerToldAt ?? Infinity, result.at) };
  }
  const exception = entryOf(work.case.exceptions, action.exceptionId);
  if (exception !== undefined && left && action.type !== 'escalate') {
    moveException(work, exception, 'action_sent');
  }
  replan(work, action.exceptionId);
  makeGood(work, action.exceptionId);
};
