import { planShape } from '../plan-shape.ts';
import type { ShipmentPlan } from '../shipment-plan.ts';
import { type Detector, type Finding, look } from './view.ts';

/** What in a plan cannot be; null when nothing is. */
const contradictionIn = (plan: ShipmentPlan): string | null => {
  const { legs, promisedAt, appointment } = plan;
  if (legs.some(({ departAt, arriveAt }) => arriveAt < departAt)) return 'arrives-before-departure';
  for (const [index, leg] of legs.entries()) {
    const before = legs[index - 1];
    if (before !== undefined && before.to === leg.from && leg.departAt < before.arriveAt)
      return 'departs-before-arrival';
  }
  if ((appointment ?? null) !== null && appointment!.from > promisedAt) return 'appointment-after-promise';
  return null;
};

/**
 * Plan and promise contradict each other before anything has happened: a plan that ends after its promise is a delay
 * foreseen, one that cannot be is a matter of data. Not raised: for a plan that ends with its promise.
 */
export const planConflict: Detector = ({ plan }) => {
  const evidence = { events: [plan.id] };
  const { endsAt } = planShape(plan);
  const contradiction = contradictionIn(plan);
  const findings: Finding[] = [];
  if (endsAt > plan.promisedAt) {
    findings.push({
      category: 'delay',
      topic: 'plan',
      kind: 'predicted',
      at: plan.at,
      cause: 'unmapped',
      effect: 'delay',
      party: 'shipper',
      evidence,
      expectedAt: endsAt,
    });
  }
  if (contradiction !== null) {
    findings.push({
      category: 'data_quality',
      topic: `plan:${contradiction}`,
      kind: 'detected',
      at: plan.at,
      cause: 'data',
      effect: 'unknown',
      party: 'shipper',
      evidence,
      sameAs: contradiction,
    });
  }
  return look(findings);
};
