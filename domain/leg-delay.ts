import { type PlanLegShape, planShape } from './plan-shape.ts';
import type { Progress } from './progress.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

const minuteMs = 60_000;

/** How one leg stands against its plan. */
export interface LegDelay {
  readonly begun: boolean;
  readonly done: boolean;
  /** Minutes by which its end is expected after plan; negative is early. */
  readonly delayMin: number;
  /** Minutes by which its next milestone is overdue, at least 0. */
  readonly overdueMin: number;
  /** Minutes by which its feeders are expected to let it start late; 0 without feeders. */
  readonly inboundMin: number;
}

/**
 * Delay of each leg, carried along the network of legs. A leg that moves is as late as its latest milestone in
 * plan order, and at least as late as the next one is overdue at `now`. A leg that has not begun is as late as
 * its feeders make it: planned ends 10:00 and 12:00, expected ends 11:30 and 11:00 → it starts 30 min early.
 */
export const legDelays = (plan: ShipmentPlan, progress: Progress, now: number): LegDelay[] => {
  const delays: LegDelay[] = [];
  const { legs } = planShape(plan);
  for (const leg of legs) {
    const inboundMin = inboundOf(leg, legs, delays);
    let own = inboundMin;
    let next = leg.steps[0];
    let begun = false;
    for (const [index, step] of leg.steps.entries()) {
      const reached = progress.reached[step.key];
      if (reached === undefined) continue;
      begun = true;
      own = (reached.at - step.plannedAt) / minuteMs;
      next = leg.steps[index + 1];
    }
    const overdueMin = next === undefined ? 0 : Math.max(0, (now - next.plannedAt) / minuteMs);
    const delayMin = overdueMin > 0 ? Math.max(own, overdueMin) : own;
    delays.push({ begun, done: begun && next === undefined, delayMin, overdueMin, inboundMin });
  }
  return delays;
};

const inboundOf = (leg: PlanLegShape, legs: readonly PlanLegShape[], delays: readonly LegDelay[]): number => {
  let expected = -Infinity;
  for (const feeder of leg.feeders) {
    const end = legs[feeder]?.endsAt ?? leg.startsAt;
    expected = Math.max(expected, end + (delays[feeder]?.delayMin ?? 0) * minuteMs);
  }
  return expected === -Infinity ? 0 : (expected - leg.startsAt) / minuteMs;
};

/** Minutes by which the whole shipment is expected after its plan; NaN without a plan that ends. */
export const pathDelayMin = (plan: ShipmentPlan, delays: readonly LegDelay[]): number => {
  const { legs, endsAt } = planShape(plan);
  let expected = -Infinity;
  for (const leg of legs) {
    if (leg.last) expected = Math.max(expected, leg.endsAt + (delays[leg.index]?.delayMin ?? 0) * minuteMs);
  }
  return (expected - endsAt) / minuteMs;
};
