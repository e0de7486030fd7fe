import type { ActionView } from './contract.ts';
import type { PendingDecision } from './page-model.ts';
import { actionStateOf, plainWords } from './plain-words.ts';
import { pastWords, relativeWords } from './time-words.ts';

/** An escalation says what for, since one exception may have several: `Escalate: response overdue`. */
export const nameWords = ({ type, step }: ActionView): string => {
  if (step.startsWith('stand_down:')) return 'Say that it is over';
  if (step.startsWith('acknowledge:')) return 'Say that somebody has seen it';
  const why = type === 'escalate' ? escalationOf(step) : '';
  return why === '' ? plainWords(type) : `${plainWords(type)}: ${why}`;
};

/** `response_overdue` → `response overdue`, `claim:approval_timed_out` → `approval timed out`; a playbook's own step says nothing. */
const escalationOf = (step: string): string =>
  /(?:^|:)(response_overdue|resolution_overdue|approval_timed_out)$/.exec(step)?.[1]?.replaceAll('_', ' ') ??
  '';

/** Somebody may say yes or no to it. */
export const isAsking = ({ state, authority }: ActionView): boolean =>
  state === 'awaiting_approval' || (state === 'proposed' && authority === 'recommend');

const suppressedWords: Readonly<Record<string, string>> = {
  told_already: 'not sent: the customer was told already',
  opted_out: 'not sent: nobody there wants to be told this way',
  no_contact: 'not sent: nobody is known to tell',
  budget_spent: 'not done: the budget is spent',
};

const heldWords: Readonly<Record<string, string>> = {
  quiet_hours: 'after the quiet hours',
  digest: 'with others in one message',
};

/** What became of it, as a desk would say it. */
export const stateWords = (action: ActionView, pending: PendingDecision | undefined, now: number): string => {
  if (pending !== undefined && pending.step !== 'failed') {
    return pending.verdict === 'approve' ? 'approved by you' : 'refused by you';
  }
  const { state, dispatch } = action;
  if (state === 'expired' && action.approvalDueAt !== null && action.decidedBy === null) {
    return 'nobody decided in time';
  }
  if (state === 'awaiting_approval') return waitingWords(action, now);
  if (action.authority === 'recommend' && state === 'proposed') return 'recommended';
  const suppressed = dispatch?.suppressedBecause ?? (state === 'suppressed' ? action.decidedReason : null);
  if (suppressed !== null && (state === 'suppressed' || state === 'due')) {
    return suppressedWords[suppressed] ?? `not sent: ${plainWords(suppressed).toLowerCase()}`;
  }
  if (dispatch !== null && dispatch.heldUntil !== null && (state === 'due' || state === 'proposed')) {
    const why = heldWords[dispatch.heldBecause ?? ''] ?? 'when it is let go';
    return `goes out ${relativeWords(dispatch.heldUntil, now)}, ${why}`;
  }
  if (state === 'proposed' && action.dueAt !== null) {
    // Its playbook lets it wait: for a time, or for a status that may come before.
    return `waits, goes out ${relativeWords(action.dueAt, now)} at the latest`;
  }
  const words = actionStateOf(state);
  const at = action.sentAt === null ? '' : ` ${pastWords(action.sentAt, now)}`;
  // Most are the playbook's own doing; a person's name is news.
  const by = action.decidedBy === null || action.decidedBy === 'playbook' ? '' : ` · ${action.decidedBy}`;
  return `${words}${at}${by}`;
};

/** `waits for planner · 1 of 2 approved (Dana) · escalates in 1 h · too late in 3 h`. */
const waitingWords = (action: ActionView, now: number): string => {
  const { role, approvals, approvalsNeeded, approvalDueAt, expiresAt } = action;
  const parts = [
    role === null ? actionStateOf('awaiting_approval') : `waits for ${plainWords(role).toLowerCase()}`,
  ];
  if (approvalsNeeded > 1) {
    const who = approvals.length === 0 ? '' : ` (${approvals.map(({ by }) => by).join(', ')})`;
    parts.push(`${approvals.length} of ${approvalsNeeded} approved${who}`);
  }
  if (approvalDueAt !== null) parts.push(`escalates ${relativeWords(approvalDueAt, now)}`);
  if (expiresAt !== null) {
    parts.push(expiresAt <= now ? 'too late to help' : `too late ${relativeWords(expiresAt, now)}`);
  }
  return parts.join(' · ');
};
