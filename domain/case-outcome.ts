import { cancelPending, type CaseWork, moveException } from './case-work.ts';
import { promiseOf, ruleFor } from './judge-exception.ts';
import type { Outcome } from './outcome.ts';
import { endOf, type ShipmentCase } from './shipment-case.ts';
import { breached, type EffectiveTerms, minutesLate } from './sla.ts';
import { stableId } from './stable-id.ts';
import { mattersAfterEnd } from './taxonomy.ts';

/** How the shipment ended, by all that is known now; null before it has ended or while its plan is unknown. */
export const outcomeOf = (state: ShipmentCase, terms: EffectiveTerms, now: number): Outcome | null => {
  const end = endOf(state);
  const { plan, shipmentId } = state;
  if (end === null || plan === null || shipmentId === null) return null;
  const promisedAt = promiseOf(plan, terms) ?? plan.firstPromisedAt;
  const deliveredAt = end.result === 'delivered' ? end.at : null;
  const delivery = { promisedAt, deliveredAt };
  const { customerToldAt } = state;
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
    breached: end.result !== 'cancelled' && breached(delivery, terms),
    exceptions: Object.values(state.exceptions)
      .filter((exception) => exception.state !== 'withdrawn')
      .map((exception) => exception.id),
    actions: Object.keys(state.actions),
    peakProbability: state.peakProbability,
    predicted: state.predicted,
    customerToldAt,
    toldBeforeBreach: customerToldAt !== null && customerToldAt <= promisedAt,
    inquiries: 0,
    firstInquiryAt: null,
    valueMinor: plan.valueMinor,
    costMinor: 0,
    penaltyMinor: 0,
    currency: plan.currency,
    actionsTaken: [],
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
