import { z } from 'zod';
import type { Mode } from './codes.ts';
import { instant } from './schema.ts';
import type { PlanStep } from './plan-shape.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

/** How long after it was expected a scan was heard: one row for each rung of its ladder. Negative is early. */
export interface ScanGap {
  readonly key: string;
  readonly gapMin: number;
}

const quantile = z.number().nullable();

/** What is usual: quantiles of the gaps of the last four weeks, in minutes. */
export const scanRhythm = z.object({
  key: z.string(),
  at: instant,
  scans: z.int(),
  p90: quantile,
  p95: quantile,
  p98: quantile,
  p99: quantile,
  p995: quantile,
});
export type ScanRhythm = z.infer<typeof scanRhythm>;

/** Keys of a rhythm from the narrowest to the widest: carrier × lane × leg, carrier × mode, mode; each by kind of step. */
export const ladderOf = (plan: ShipmentPlan, step: PlanStep): readonly string[] => {
  const leg = plan.legs[step.leg];
  const carrier = leg?.carrier ?? plan.carrier;
  const mode: Mode = leg?.mode ?? plan.mode;
  return [
    `${carrier}|${plan.lane}|${step.leg}|${step.kind}`,
    `${carrier}|${mode}|${step.kind}`,
    `${mode}|${step.kind}`,
  ];
};

/** Keys of how long after it happened a delivery is heard of, the narrower first: of its carrier, of its mode. */
export const hearingLadderOf = ({ legs, ...plan }: ShipmentPlan): readonly string[] => {
  const last = legs.at(-1);
  return [`${last?.carrier ?? plan.carrier}|heard`, `${last?.mode ?? plan.mode}|heard`];
};
