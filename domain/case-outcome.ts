import type { Action } from './action.ts';
import { cancelPending, type CaseWork, moveException } from './case-work.ts';
import { promiseOf, ruleFor } from './judge-exception.ts';
import { sumByCurrency } from './money.ts';
import type { Outcome } from './outcome.ts';
import { endOf, entryOf, type ShipmentCase } from './shipment-case.ts';
import type { Rules } from './rules.ts';
import { breached, calendarFor, type EffectiveTerms, minutesLate } from './sla.ts';
import { stableId } from './stable-id.ts';
import { mattersAfterEnd } from './taxonomy.ts';

const left: ReadonlySet<Action['state']> = new Set(['sent', 'uncertain', 'confirmed']);
/** Not an answer to anything: it was planned, and its reason went away. */
const unanswered: ReadonlySet<Action['state']> = new Set(['proposed', 'cancelled']);

const actionsTaken = ({ actions, exceptions, reported }: ShipmentCase): Outcome['actionsTaken'] =>
  Object.values(actions)
    .filter(({ state }) => !unanswered.has(state))
    .map((action) => ({
      id: action.id,
      exceptionId: action.exceptionId,
      category: entryOf(exceptions, action.exceptionId)?.category ?? 'unclassified',
      type: action.type,
      playbook: action.playbook,
      step: action.step,
      result: action.state,
      reported: entryOf(reported, action.id) ?? null,
      costMinor: action.costMinor,
      costCurrency: action.costCurrency,
      decidedBy: action.decidedBy,
      propensity: action.propensity,
      at: Math.floor(action.sentAt ?? action.at),
    }));

/** Costs in another currency than the shipment's are named beside their action and not summed: nobody gave a rate. */
const costOf = ({ actions }: ShipmentCase, currency: string): number =>
  sumByCurrency(
    Object.values(actions)
      .filter(({ state }) => left.has(state))
      .map((action) => ({ minor: action.costMinor, currency: action.costCurrency })),
  )[currency] ?? 0;

/** How the shipment ended, by all that is known now; null before it has ended or while its plan is unknown. */
export const outcomeOf = (
  state: ShipmentCase,
  terms: EffectiveTerms,
  rules: Rules,
  now: number,
): Outcome | null => {
  const end = endOf(state);
  const { plan, shipmentId } = state;
  if (end === null || plan === null || shipmentId === null) return null;
  const promisedAt = promiseOf(plan, terms) ?? plan.firstPromisedAt;
  const deliveredAt = end.result === 'delivered' ? end.at : null;
  const notBefore = terms.promiseBasis === 'appointment' ? (plan.appointment?.from ?? null) : null;
  const delivery = { promisedAt, deliveredAt, notBefore };
  const calendar = calendarFor(rules, terms, plan.site);
  const { customerToldAt } = state;
  const isBreached = end.result !== 'cancelled' && breached(delivery, terms, calendar);
  return {
    id: stableId('outcome', shipmentId),
    version: 0,
    at: end.at,
    heardAt: now,
    shipmentId,
    customerId: plan.customerId,
    tier: terms.tier,
    carrier: plan.carrier,
    lane: plan.lane,
    service: plan.service,
    result: end.result,
    promisedAt,
    latestPromisedAt: plan.latestPromisedAt,
    contractVersion: terms.contractVersion,
    deliveredAt,
    minutesLate: minutesLate(delivery),
    breached: isBreached,
    exceptions: Object.values(state.exceptions)
      .filter((exception) => exception.state !== 'withdrawn')
      .map((exception) => exception.id),
    actions: Object.keys(state.actions),
    peakProbability: state.peakProbability,
    predicted: state.predicted,
    customerToldAt,
    toldBeforeBreach: customerToldAt !== null && customerToldAt <= promisedAt,
    inquiries: state.inquiries,
    firstInquiryAt: state.firstInquiryAt,
    valueMinor: plan.valueMinor,
    costMinor: costOf(state, plan.currency),
    penaltyMinor: isBreached ? terms.penaltyMinor : 0,
    penaltyCurrency: terms.penaltyCurrency,
    currency: plan.currency,
    actionsTaken: actionsTaken(state),
    claimMinor: state.claim?.minor ?? null,
    claimCurrency: state.claim?.currency ?? null,
    reportedReason: state.reportedReason,
  };
};

/**
 * Once a shipment has ended nothing is pending for it and its exceptions close; only what is found in the box
 * (damage, shortage) stays until the last thing decided for it is done.
 */
export const closeEnded = (work: CaseWork): void => {
  if (endOf(work.case) === null) return;
  for (const exception of Object.values(work.case.exceptions)) {
    if (exception.state === 'closed' || exception.state === 'withdrawn') continue;
    const busy = Object.values(work.case.actions).some(
      (action) =>
        action.exceptionId === exception.id &&
        (action.state === 'awaiting_approval' ||
          action.state === 'due' ||
          (action.state === 'proposed' && action.dueAt !== null)),
    );
    if (busy && mattersAfterEnd(ruleFor(work.rules.taxonomy, exception.category))) continue;
    cancelPending(work, exception.id);
    moveException(work, exception, 'close');
  }
};
