import type { ActionView } from './contract.ts';
import type { PendingDecision } from './page-model.ts';
import { actionStateOf, plainWords } from './plain-words.ts';
import { pastWords, relativeWords } from './time-words.ts';

/** An escalation says what for, since one exception may have several: `Escalate: response overdue`. */
export const nameWords = ({ type, step }: ActionView): string => {
  const why = type === 'escalate' ? escalationOf(step) : '';
  return why === '' ? plainWords(type) : `${plainWords(type)}: ${why}`;
};

/** `response_overdue` → `response overdue`, `claim:approval_timed_out` → `approval timed out`; a playbook's own step says nothing. */
const escalationOf = (step: string): string =>
  /(?:^|:)(response_overdue|resolution_overdue|approval_timed_out)$/.exec(step)?.[1]?.replaceAll('_', ' ') ??
  '';

/** What became of it, as a desk would say it. */
export const stateWords = (action: ActionView, pending: PendingDecision | undefined, now: number): string => {
  if (pending !== undefined && pending.step !== 'failed') {
    return pending.verdict === 'approve' ? 'approved by you' : 'refused by you';
  }
  const words = actionStateOf(action.state);
  if (action.state === 'expired' && action.approvalDueAt !== null && action.decidedBy === null) {
    return 'nobody decided in time';
  }
  if (action.state === 'awaiting_approval') {
    const until =
      action.approvalDueAt === null ? '' : ` · escalates ${relativeWords(action.approvalDueAt, now)}`;
    return `${action.role === null ? words : `waits for ${plainWords(action.role).toLowerCase()}`}${until}`;
  }
  if (action.authority === 'recommend' && action.state === 'proposed') return 'recommended';
  if (action.state === 'proposed' && action.dueAt !== null) {
    return `goes out ${relativeWords(action.dueAt, now)}, after the quiet hours`;
  }
  const at = action.sentAt === null ? '' : ` ${pastWords(action.sentAt, now)}`;
  // Most are the playbook's own doing; a person's name is news.
  const by = action.decidedBy === null || action.decidedBy === 'playbook' ? '' : ` · ${action.decidedBy}`;
  return `${words}${at}${by}`;
};
