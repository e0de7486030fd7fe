import { type LegDelay, legDelays, pathDelayMin } from './leg-delay.ts';
import { type PlanShape, type PlanStep, planShape } from './plan-shape.ts';
import type { Progress } from './progress.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

const minuteMs = 60_000;

/** A step that was reached, and how long it took; NaN where the step before it was never seen. */
export interface StepTaken {
  readonly step: PlanStep;
  readonly at: number;
  readonly tookMin: number;
}

/** A shipment's plan and progress laid side by side at one moment: what the features read from. */
export interface Journey {
  readonly shape: PlanShape;
  readonly delays: readonly LegDelay[];
  /** Reached steps by event time. */
  readonly taken: readonly StepTaken[];
  readonly last: StepTaken | null;
  /** The leg that the shipment as a whole is on: the furthest one that has begun. */
  readonly leg: number;
  /** Expected minutes after plan at the end: by what was reached alone, and with what is overdue by now. */
  readonly pathDelayMin: number;
  readonly overduePathMin: number;
}

export const journeyOf = (plan: ShipmentPlan, progress: Progress, now: number): Journey => {
  const shape = planShape(plan);
  const delays = legDelays(plan, progress, now);
  const taken = stepsTaken(shape, progress, plan.at);
  return {
    shape,
    delays,
    taken,
    last: taken.at(-1) ?? null,
    leg: delays.findLastIndex(({ begun }) => begun),
    pathDelayMin: pathDelayMin(plan, legDelays(plan, progress, -Infinity)),
    overduePathMin: pathDelayMin(plan, delays),
  };
};

const stepsTaken = ({ steps, legs }: PlanShape, progress: Progress, plannedAt: number): StepTaken[] => {
  const taken: StepTaken[] = [];
  for (const step of steps) {
    const reached = progress.reached[step.key];
    if (reached === undefined) continue;
    const from =
      step.before === null
        ? startOf(step.leg, legs, progress, plannedAt)
        : (progress.reached[step.before]?.at ?? NaN);
    taken.push({ step, at: reached.at, tookMin: (reached.at - from) / minuteMs });
  }
  return taken.sort((left, right) => left.at - right.at);
};

/** A leg starts when the last of its feeders is in; the first ones start with the plan. */
const startOf = (index: number, legs: PlanShape['legs'], progress: Progress, plannedAt: number): number => {
  let start = -Infinity;
  for (const feeder of legs[index]?.feeders ?? []) {
    const end = legs[feeder]?.steps.at(-1);
    start = Math.max(start, end === undefined ? NaN : (progress.reached[end.key]?.at ?? NaN));
  }
  return start === -Infinity ? plannedAt : start;
};
