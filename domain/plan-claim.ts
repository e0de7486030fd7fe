import type { ShipmentPlan } from './shipment-plan.ts';

/** What a plan says of its names: whose they are, and over which time. */
export interface PlanClaim {
  readonly shipmentId: string;
  readonly from: number;
  readonly to: number;
}

/**
 * From when the plan was made, or the first thing planned where it was made, or exported, only afterwards; to the last
 * thing planned or promised. Made on the 5th, pickup planned on the 3rd, promise on the 9th → [3rd; 9th].
 */
export const claimOf = (plan: ShipmentPlan): PlanClaim => {
  const { shipmentId, at, legs, milestones, promisedAt, appointment } = plan;
  const times = [
    promisedAt,
    ...legs.flatMap(({ departAt, arriveAt }) => [departAt, arriveAt]),
    ...milestones.map(({ plannedAt }) => plannedAt),
  ];
  return {
    shipmentId,
    from: Math.min(at, ...times),
    to: Math.max(appointment?.to ?? -Infinity, ...times),
  };
};
