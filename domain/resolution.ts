import type { Action } from './action.ts';
import { onActionResult, onDecision } from './case-decisions.ts';
import { followAlerts } from './case-alerts.ts';
import { makeGood } from './case-make-good.ts';
import { closeEnded, outcomeOf } from './case-outcome.ts';
import { onSignal, rejudge, releaseWaiting } from './case-signals.ts';
import { onTimer, timersBetween, timersOf } from './case-timers.ts';
import { onOutcomeReport, onTmsChange } from './case-tms.ts';
import { onStatus } from './case-waits.ts';
import type { CaseWork, Change } from './case-work.ts';
import type { Contract } from './contract.ts';
import { withEntry, withoutEntry } from './entries.ts';
import type { ShipmentException } from './exception.ts';
import type { Inquiry } from './inquiry.ts';
import type { Outcome } from './outcome.ts';
import type { Prediction } from './prediction.ts';
import { sameContent } from './same-content.ts';
import {
  type CaseContext,
  type CaseEvent,
  type CaseStep,
  emptyCase,
  endOf,
  entryOf,
  type PlanSummary,
  type ShipmentCase,
  type ShipmentEnd,
} from './shipment-case.ts';
import type { ShipmentOrder } from './shipment-order.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import { effectiveTerms, type Sla } from './sla.ts';
import type { TrackingEvent } from './tracking-event.ts';
import { endsAfterEvent, endsAfterPlan } from './shipment-ends.ts';

const planSummary = (plan: ShipmentPlan, before: PlanSummary | null): PlanSummary => ({
  customerId: plan.customerId,
  carrier: plan.carrier,
  service: plan.service,
  mode: plan.mode,
  lane: plan.lane,
  legs: plan.legs.map(({ carrier, mode }) => ({ carrier, mode })),
  firstPromisedAt: before?.firstPromisedAt ?? plan.promisedAt,
  latestPromisedAt: plan.promisedAt,
  // Plans that were logged before appointments were known have none.
  appointment: plan.appointment ?? null,
  site: plan.legs.at(-1)?.to ?? null,
  valueMinor: plan.valueMinor,
  currency: plan.currency,
  contentsClass: plan.contentsClass,
});

const rejudgeAll = (work: CaseWork): void => {
  for (const id of Object.keys(work.case.exceptions)) rejudge(work, id);
};

const setEnds = (work: CaseWork, ends: readonly ShipmentEnd[]): void => {
  if (ends === work.case.ends) return;
  work.case = { ...work.case, ends, endTerms: ends.length === 0 ? null : work.case.endTerms };
};

const onPlan = (work: CaseWork, plan: ShipmentPlan): void => {
  work.case = { ...work.case, plan: planSummary(plan, work.case.plan) };
  setEnds(work, endsAfterPlan(work.case.ends, plan));
  rejudgeAll(work);
  releaseWaiting(work);
};

/** What rides on the shipment has changed: who is hit by what goes wrong is told anew. */
const onOrders = (work: CaseWork, row: ShipmentOrder): void => {
  const { orderId, lines } = row;
  const others = withoutEntry(work.case.orders, orderId);
  work.case = { ...work.case, orders: lines.length === 0 ? others : withEntry(others, orderId, row) };
  rejudgeAll(work);
};

const inquiriesKnown = 100;

const onInquiry = (work: CaseWork, { id, at }: Inquiry): void => {
  const { inquiries, inquiryIds, firstInquiryAt } = work.case;
  if (inquiryIds.includes(id)) return;
  work.case = {
    ...work.case,
    inquiries: inquiries + 1,
    inquiryIds: [...inquiryIds, id].slice(-inquiriesKnown),
    firstInquiryAt: Math.min(firstInquiryAt ?? Infinity, at),
  };
};

const onTracking = (work: CaseWork, event: TrackingEvent): void => {
  setEnds(work, endsAfterEvent(work.case.ends, event));
  onStatus(work, event.status);
};

const onPrediction = (work: CaseWork, { probability, threshold }: Prediction): void => {
  if (endOf(work.case) !== null) return;
  const { peakProbability, predicted } = work.case;
  if (probability <= (peakProbability ?? -1) && (predicted || probability < threshold)) return;
  work.case = {
    ...work.case,
    peakProbability: Math.max(peakProbability ?? 0, probability),
    predicted: predicted || probability >= threshold,
  };
};

const onContract = (work: CaseWork, contract: Contract | null): void => {
  const customerId = work.case.plan?.customerId;
  if (contract === null || contract.customerId === customerId) rejudgeAll(work);
  else work.refusals.push(`contract ${contract.id}: of ${contract.customerId}, not of ${customerId}`);
};

const handle = (work: CaseWork, event: CaseEvent): void => {
  switch (event.kind) {
    case 'plan':
      return onPlan(work, event.plan);
    case 'orders':
      return onOrders(work, event.order);
    case 'inquiry':
      return onInquiry(work, event.inquiry);
    case 'signal':
      return onSignal(work, event.signal);
    case 'tracking':
      return onTracking(work, event.event);
    case 'prediction':
      return onPrediction(work, event.prediction);
    case 'decision':
      return onDecision(work, event.decision);
    case 'action_result':
      return onActionResult(work, event.result);
    case 'tms_change':
      return onTmsChange(work, event.change);
    case 'outcome_report':
      return onOutcomeReport(work, event.report);
    case 'contract':
      return onContract(work, event.contract);
    case 'timer':
      return onTimer(work, event.name);
  }
};

const shipmentIdOf = (event: CaseEvent): string | null => {
  switch (event.kind) {
    case 'plan':
      return event.plan.shipmentId;
    case 'orders':
      return event.order.shipmentId;
    case 'inquiry':
      return event.inquiry.shipmentId;
    case 'signal':
      return event.signal.shipmentId;
    case 'tracking':
      return event.event.shipmentId;
    case 'tms_change':
      return event.change.shipmentId;
    case 'outcome_report':
      return event.report.shipmentId;
    default:
      return null;
  }
};

const atOf = (event: CaseEvent, now: number): number => {
  switch (event.kind) {
    case 'plan':
      return event.plan.at;
    case 'orders':
      return event.order.at;
    case 'inquiry':
      return event.inquiry.at;
    case 'signal':
      return event.signal.at;
    case 'tracking':
      return event.event.at;
    case 'prediction':
      return event.prediction.at;
    case 'decision':
      return event.decision.at;
    case 'action_result':
      return event.result.at;
    case 'tms_change':
      return event.change.at;
    case 'outcome_report':
      return event.report.at;
    case 'contract':
      return event.contract?.at ?? now;
    case 'timer':
      return now;
  }
};

const changeOf = (event: CaseEvent): Change => {
  switch (event.kind) {
    case 'plan':
      return { by: 'plan', ref: event.plan.id };
    case 'orders':
      return { by: 'orders', ref: event.order.id };
    case 'inquiry':
      return { by: 'tracking', ref: event.inquiry.id };
    case 'signal':
      return { by: 'signal', ref: event.signal.id };
    case 'tracking':
      return { by: 'tracking', ref: event.event.id };
    case 'prediction':
      return { by: 'signal', ref: event.prediction.id };
    case 'decision':
      return { by: 'decision', ref: event.decision.id };
    case 'action_result':
      return { by: 'action_result', ref: event.result.id };
    case 'tms_change':
      return { by: 'tms_change', ref: event.change.id };
    case 'outcome_report':
      return { by: 'outcome_report', ref: event.report.id };
    case 'contract':
      return { by: 'contract', ref: event.contract?.id ?? null };
    case 'timer':
      return { by: 'timer', ref: event.name };
  }
};

interface Versioned {
  readonly version: number;
  readonly at: number;
  readonly heardAt: number;
}

/**
 * Gives what changed its next version, and what only seemed to change its old self back, in the entries that the step
 * made and in the records that it put there, which nobody else has seen. Answers the new versions.
 */
const versioned = <T extends Versioned>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  stamp: (item: { -readonly [K in keyof T]: T[K] }) => void,
): readonly T[] => {
  if (before === after) return [];
  const own = after as Record<string, T>;
  const news: T[] = [];
  for (const id in own) {
    const item = own[id]!;
    const old = entryOf(before, id);
    if (old === item) continue;
    if (old !== undefined && sameContent(old, item)) {
      own[id] = old;
      continue;
    }
    const made: { -readonly [K in keyof T]: T[K] } = item;
    made.version = (old?.version ?? 0) + 1;
    stamp(made);
    news.push(item);
  }
  return news;
};

/** What a timer that has fired stood for may still be due: it is set again. */
const afterTimer = (before: ShipmentCase, after: ShipmentCase, sla: Sla, fired: string) => {
  const { timers, cancelTimers } = timersBetween(before, after, sla);
  const again = timersOf(after, sla).get(fired);
  const others = timers.filter(({ name }) => name !== fired);
  return {
    timers: again === undefined ? others : [...others, { name: fired, at: again }],
    cancelTimers: cancelTimers.filter((name) => name !== fired),
  };
};

const settle = (work: CaseWork, event: CaseEvent): Outcome[] => {
  // A late signal opens a case that still has to be worked on; everything else may have finished one.
  if (event.kind !== 'signal' && event.kind !== 'contract') closeEnded(work);
  if (event.kind === 'signal' && event.signal.state === 'withdrawn') {
    for (const id of Object.keys(work.case.exceptions)) makeGood(work, id);
  }
  if (work.keepsOpen.size > 0)
    for (const exception of Object.values(work.case.exceptions)) followAlerts(work, exception);
  const { outcome } = work.case;
  const endTerms = work.case.endTerms ?? work.terms;
  const next = outcomeOf(work.case, endTerms, work.rules, work.now);
  if (next === null || (outcome !== null && sameContent(outcome, next))) return [];
  const published = { ...next, version: (outcome?.version ?? 0) + 1 };
  work.case = { ...work.case, outcome: published, endTerms };
  return [published];
};

/** A case of a savepoint of an earlier version lacks what that did not know. */
const upToDate = (state: ShipmentCase): ShipmentCase =>
  (state as Partial<ShipmentCase>).inquiryIds === undefined ? { ...emptyCase, ...state } : state;

const noDestinations: ReadonlySet<string> = new Set();

const nothing = { exceptions: [], actions: [], outcomes: [], timers: [], cancelTimers: [] } as const;

/**
 * The heart of `resolve`: what one more thing heard makes of a shipment's case. Pure: the same case, event and
 * context give the same step; nothing that was passed in is changed; time is only what the context says.
 * However much an event moves, every exception and action gets at most one new version for it.
 */
export const advanceCase = (given: ShipmentCase, event: CaseEvent, context: CaseContext): CaseStep => {
  const state = upToDate(given);
  const contract = event.kind === 'contract' ? event.contract : context.contract;
  const work: CaseWork = {
    given: state,
    case: state.shipmentId === null ? { ...state, shipmentId: shipmentIdOf(event) } : state,
    at: atOf(event, context.now),
    now: context.now,
    change: changeOf(event),
    rules: context.rules,
    terms: effectiveTerms(context.rules.sla, contract),
    keepsOpen: context.keepsOpen ?? noDestinations,
    refusals: [],
  };
  const before = work.case;
  handle(work, event);
  // Most of what is heard of a shipment changes nothing about its exceptions.
  if (work.case === before && event.kind !== 'timer')
    return { ...nothing, case: before, refusals: work.refusals };
  const outcomes = settle(work, event);
  const { at, now: heardAt, change } = work;
  const exceptions = versioned<ShipmentException>(state.exceptions, work.case.exceptions, (item) => {
    item.at = at;
    item.heardAt = heardAt;
    item.changedBy = change.by;
    item.changedRef = change.ref;
  });
  const actions = versioned<Action>(state.actions, work.case.actions, (item) => {
    item.at = at;
    item.heardAt = heardAt;
  });
  const next = work.case;
  const { sla } = context.rules;
  const timers =
    event.kind === 'timer' ? afterTimer(state, next, sla, event.name) : timersBetween(state, next, sla);
  return { case: next, exceptions, actions, outcomes, ...timers, refusals: work.refusals };
};
