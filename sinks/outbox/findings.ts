import type { ActionResult } from '../../domain/action.ts';
import type { CoveredRef } from './attempt-ledger.ts';
import type { DueAction } from './due-actions.ts';

/** What is told to the pipeline about an action. */
export interface Finding {
  readonly result: ActionResult['result'];
  readonly httpStatus: number | null;
  readonly error: string | null;
}

/** What a former process had been answered, and did not tell any more. */
export const answeredBefore = ({ history: { isOpen, last } }: DueAction): Finding | undefined => {
  if (isOpen) return undefined;
  const { outcome, httpStatus, error } = last;
  if (outcome === 'sent') return { result: 'sent', httpStatus, error: null };
  return outcome === 'refused' ? { result: 'failed', httpStatus, error } : undefined;
};

/** What can be said of an action that ends without an answer of its own: it may have arrived after all. */
export const endedUnanswered = (due: DueAction, result: 'failed' | 'expired', error: string): Finding => {
  const { history } = due;
  return (
    answeredBefore(due) ?? {
      result: history.maybeReceived || history.isOpen ? 'uncertain' : result,
      httpStatus: history.last.httpStatus,
      error: history.last.error === null ? error : `${error}; last: ${history.last.error}`,
    }
  );
};

/**
 * What is left to be said of what was withdrawn: nothing, where nobody can have received it. Of what has lapsed nobody else
 * says the end.
 */
export const endedWithdrawn = (due: DueAction): Finding | undefined => {
  const { history } = due;
  if (due.hasLapsed) return endedUnanswered(due, 'expired', 'nothing became of it in thirty days');
  const answered = answeredBefore(due);
  if (answered?.result === 'sent') return answered;
  if (!history.maybeReceived && !history.isOpen) return undefined;
  const error = 'withdrawn after an attempt whose answer was lost';
  return { result: 'uncertain', httpStatus: history.last.httpStatus, error };
};

const left: ReadonlySet<Finding['result']> = new Set(['sent', 'confirmed', 'uncertain']);

/**
 * What is told about each action that a digest spoke for. What has left is told of those it spoke for, what has not of
 * those that are still due; one that only an attempt without an answer spoke for is uncertain.
 */
export const findingsOf = (
  { history: { covers, doubtful, isOpen } }: DueAction,
  finding: Finding,
  stillDue: readonly CoveredRef[],
): readonly (readonly [CoveredRef, Finding])[] => {
  const spokenFor = left.has(finding.result) ? covers : stillDue;
  const known = new Set(spokenFor.map(({ actionId }) => actionId));
  const inDoubt = [...doubtful, ...(isOpen ? covers : [])].filter(({ actionId }) => {
    const isNew = !known.has(actionId);
    known.add(actionId);
    return isNew;
  });
  return [
    ...spokenFor.map((covered) => [covered, finding] as const),
    ...inDoubt.map((covered) => [covered, { ...finding, result: 'uncertain' } as const] as const),
  ];
};
