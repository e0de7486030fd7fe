import type { Action } from './action.ts';
import { type CaseWork, moveAction, moveException, putAction } from './case-work.ts';
import type { ShipmentException } from './exception.ts';
import { liveExceptionStates, pendingActionStates } from './lifecycle.ts';
import type { OutcomeReport } from './outcome-report.ts';
import { actOf, PEOPLE } from './people-act.ts';
import { withEntry } from './entries.ts';
import { entryOf } from './shipment-case.ts';
import { stableId } from './stable-id.ts';
import type { TmsChange } from './tms-change.ts';

/** The gravest first; of equals the one that was raised first. */
const byGravity = (a: ShipmentException, b: ShipmentException): number =>
  b.severity - a.severity || a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1);

/**
 * What a change is taken to answer: the exception for which we had planned the same, else the gravest that is open. A
 * claim is often opened when all is over, so it may answer a closed one. Undefined where nothing was wrong.
 */
const answered = (work: CaseWork, { what }: TmsChange): ShipmentException | undefined => {
  const all = Object.values(work.case.exceptions).toSorted(byGravity);
  const live = all.filter(({ state }) => liveExceptionStates.has(state));
  const planned = new Set(
    Object.values(work.case.actions)
      .filter(({ type, state }) => type === actOf[what] && pendingActionStates.has(state))
      .map(({ exceptionId }) => exceptionId),
  );
  const isClaim = what === 'claim_opened' || what === 'claim_settled';
  return (
    live.find(({ id }) => planned.has(id)) ??
    live[0] ??
    (isClaim ? all.find(({ state }) => state !== 'withdrawn') : undefined)
  );
};

/** What a person did, as an action that is done: it was decided by people, so it has no propensity. */
const doneByPerson = (work: CaseWork, exception: ShipmentException, change: TmsChange): Action | null => {
  const type = actOf[change.what];
  if (type === null) return null;
  return {
    id: stableId(exception.shipmentId, PEOPLE, change.id),
    version: 0,
    at: change.at,
    heardAt: work.now,
    exceptionId: exception.id,
    shipmentId: exception.shipmentId,
    customerId: exception.customerId,
    type,
    playbook: PEOPLE,
    step: change.what,
    destination: null,
    template: change.what,
    authority: 'recommend',
    state: 'confirmed',
    role: null,
    approvalDueAt: null,
    approvalsNeeded: 0,
    approvals: [],
    expiresAt: null,
    costMinor: 0,
    costCurrency: exception.currency ?? 'USD',
    causeId: exception.causeId,
    news: null,
    mandatory: false,
    propensity: null,
    compensates: null,
    decidedBy: change.by,
    decidedReason: change.reason === 'none' ? null : change.reason,
    dueAt: null,
    sentAt: change.at,
    facts: {
      category: exception.category,
      severity: exception.severity,
      field: change.field,
      before: change.before,
      after: change.after,
    },
  };
};

const setClaim = (work: CaseWork, minor: number | null, currency: string | null): void => {
  if (minor === null) return;
  const claim = { minor, currency: currency ?? work.case.plan?.currency ?? 'USD' };
  work.case = { ...work.case, claim };
};

/**
 * A change that a person made in the TMS is a decision of theirs about what is wrong with the shipment: it counts as
 * action taken, and what we had planned of the same kind and not begun is called off, because they did it.
 *
 *     re-booked by dana · rebook awaits approval → rebook cancelled, `people/rebooked` confirmed, decided by dana
 *     reason set by dana · nothing planned        → the exception is acknowledged
 *     re-booked by dana · nothing wrong            → nothing: it was no answer to anything of ours
 */
export const onTmsChange = (work: CaseWork, change: TmsChange): void => {
  if (change.what === 'claim_opened' || change.what === 'claim_settled')
    setClaim(work, change.amountMinor, change.currency);
  const exception = answered(work, change);
  if (exception === undefined) return;
  const done = doneByPerson(work, exception, change);
  if (done === null) {
    if (liveExceptionStates.has(exception.state)) moveException(work, exception, 'acknowledge');
    return;
  }
  // A feed of changes tells them at least once.
  if (entryOf(work.case.actions, done.id) !== undefined) return;
  for (const action of Object.values(work.case.actions)) {
    if (action.type === done.type && pendingActionStates.has(action.state))
      moveAction(work, action, 'cancel', { decidedBy: change.by, decidedReason: 'done_in_tms' });
  }
  putAction(work, done);
  moveException(work, exception, 'action_sent');
};

const left: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain', 'confirmed']);

/** The action that a report is about: the one that it names, else the only one that left the house for its exception. */
const reportedOn = (
  { case: { actions } }: CaseWork,
  { actionId, exceptionId }: OutcomeReport,
): Action | undefined => {
  if (actionId !== null) return entryOf(actions, actionId);
  const candidates = Object.values(actions).filter(
    (action) => left.has(action.state) && (exceptionId === null || action.exceptionId === exceptionId),
  );
  return candidates.length === 1 ? candidates[0] : undefined;
};

/** How an action or a claim ended, as another system knows it: it goes into the outcome of the shipment. */
export const onOutcomeReport = (work: CaseWork, report: OutcomeReport): void => {
  const { what, amountMinor, currency } = report;
  if (what === 'claim_opened' || what === 'claim_settled') return setClaim(work, amountMinor, currency);
  if (what === 'reason') {
    work.case = { ...work.case, reportedReason: report.reason };
    return;
  }
  const action = reportedOn(work, report);
  if (action === undefined) {
    work.refusals.push(`report ${report.id}: no action ${report.actionId ?? 'that it can only be about'}`);
    return;
  }
  if (amountMinor !== null)
    putAction(work, {
      ...action,
      costMinor: amountMinor,
      costCurrency: currency ?? action.costCurrency,
    });
  if (what !== 'cost') {
    const { reported } = work.case;
    work.case = { ...work.case, reported: withEntry(reported, action.id, what) };
  }
};
