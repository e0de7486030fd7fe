import type { BusinessCalendar } from './business-time.ts';
import { causeIdOf } from './cause-record.ts';
import type { ShipmentException } from './exception.ts';
import { comesWhole, downstreamOf } from './impact.ts';
import { atCommonWorth, type Rates } from './money.ts';
import { sameContent } from './same-content.ts';
import { severityOf } from './severity.ts';
import type { PlanSummary } from './shipment-case.ts';
import type { ShipmentOrder } from './shipment-order.ts';
import type { Signal } from './signal.ts';
import { type EffectiveTerms, promiseBy, resolutionDueAt, responseDueAt } from './sla.ts';
import { categoryOf, type CategoryRule, fallbackCategory, type Taxonomy } from './taxonomy.ts';

const nothing: CategoryRule = {
  family: 'other',
  defaultSeverity: 40,
  predictable: false,
  grave: false,
  mattersAfterEnd: false,
  about: 'Not in the taxonomy.',
};

/** The rule of a category; what the taxonomy does not know is judged as `unclassified`. */
export const ruleFor = (taxonomy: Taxonomy, category: string): CategoryRule =>
  categoryOf(taxonomy, category) ?? categoryOf(taxonomy, fallbackCategory) ?? nothing;

export const promiseOf = (plan: PlanSummary | null, terms: EffectiveTerms): number | null =>
  plan === null ? null : promiseBy(plan, terms);

const minutesBetween = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : (to - from) / 60_000;

const mostLikely = (signals: readonly Signal[]): Signal | undefined =>
  signals
    .filter((signal) => signal.probability !== null)
    .reduce<Signal | undefined>(
      (most, signal) => ((most?.probability ?? -1) > (signal.probability ?? -1) ? most : signal),
      undefined,
    );

export interface Surroundings {
  readonly taxonomy: Taxonomy;
  readonly orders: readonly ShipmentOrder[];
  /** What business clocks count by; null where every minute is worked. */
  readonly calendar: BusinessCalendar | null;
  /** What currencies are worth, for the severity of values. */
  readonly rates?: Rates | undefined;
}

/**
 * Everything of an exception that follows from what is known now: the signals that stand (a detected one
 * speaks for it before a predicted one, a later before an earlier one), the plan and the customer's terms.
 * What the last prediction said stays beside the fact once it was detected. The exception itself where nothing of it
 * has changed.
 */
export const judgeException = (
  exception: ShipmentException,
  standing: readonly Signal[],
  plan: PlanSummary | null,
  terms: EffectiveTerms,
  { taxonomy, orders, calendar, rates }: Surroundings,
): ShipmentException => {
  const speaker = standing.findLast((signal) => signal.kind === 'detected') ?? standing.at(-1);
  const likeliest = mostLikely(standing);
  const kind = speaker?.kind ?? exception.kind;
  const probability = likeliest?.probability ?? exception.probability;
  const expectedAt =
    standing.length === 0
      ? exception.expectedAt
      : (standing.findLast((signal) => signal.expectedAt !== null)?.expectedAt ?? null);
  const promisedAt = promiseOf(plan, terms);
  const leg = exception.leg === null ? undefined : plan?.legs[exception.leg];
  const rule = ruleFor(taxonomy, exception.category);
  const { severity, terms: severityTerms } = severityOf({
    defaultSeverity: rule.defaultSeverity,
    latenessMin: minutesBetween(promisedAt, expectedAt),
    tier: terms.tier,
    valueMinor:
      plan === null ? null : atCommonWorth({ minor: plan.valueMinor, currency: plan.currency }, rates),
    contentsClass: plan?.contentsClass ?? null,
    kind,
    probability,
  });
  const effect = speaker?.effect ?? exception.effect;
  const downstream = downstreamOf(orders, expectedAt, comesWhole({ kind, effect }));
  // Every member by its name: a spread with so much laid over it costs several times as much.
  const judged: ShipmentException = {
    id: exception.id,
    version: exception.version,
    at: exception.at,
    heardAt: exception.heardAt,
    shipmentId: exception.shipmentId,
    leg: exception.leg,
    category: exception.category,
    family: rule.family,
    episode: exception.episode,
    state: exception.state,
    kind,
    severity,
    severityTerms,
    cause: speaker?.cause ?? exception.cause,
    effect,
    party: speaker?.party ?? exception.party,
    evidence: exception.evidence,
    causeId: speaker === undefined ? exception.causeId : causeIdOf(speaker),
    probability,
    modelVersion: likeliest?.modelVersion ?? exception.modelVersion,
    modelVersions: likeliest?.modelVersions ?? exception.modelVersions,
    eta: likeliest?.eta ?? exception.eta,
    contributions: likeliest?.contributions ?? exception.contributions,
    unexplained: likeliest === undefined ? exception.unexplained : likeliest.unexplained,
    expectedAt,
    leadTimeMin: minutesBetween(exception.raisedAt, promisedAt),
    planKnown: plan !== null,
    customerId: plan?.customerId ?? null,
    tier: terms.tier,
    contractVersion: terms.contractVersion,
    carrier: leg?.carrier ?? plan?.carrier ?? null,
    service: plan?.service ?? null,
    mode: leg?.mode ?? plan?.mode ?? null,
    lane: plan?.lane ?? null,
    promisedAt,
    valueMinor: plan?.valueMinor ?? null,
    currency: plan?.currency ?? null,
    contentsClass: plan?.contentsClass ?? null,
    impact: downstream.impact,
    affectedLines: [...downstream.lines],
    playbook: exception.playbook,
    changedBy: exception.changedBy,
    changedRef: exception.changedRef,
    assignee: exception.assignee,
    snoozedUntil: exception.snoozedUntil,
    raisedAt: exception.raisedAt,
    acknowledgedAt: exception.acknowledgedAt,
    mitigatedAt: exception.mitigatedAt,
    resolvedAt: exception.resolvedAt,
    reopenedAt: exception.reopenedAt,
    closedAt: exception.closedAt,
    withdrawnAt: exception.withdrawnAt,
    responseDueAt: responseDueAt(terms, exception.raisedAt, calendar),
    resolutionDueAt: resolutionDueAt(terms, exception.raisedAt, calendar),
  };
  return sameContent(exception, judged) ? exception : judged;
};
