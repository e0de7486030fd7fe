import { type PlanStep, planShape } from './plan-shape.ts';
import { delayMin, type Progress } from './progress.ts';
import type { ShipmentPlan } from './shipment-plan.ts';

/**
 * The milestone that should come next: on each leg the first after the last that was reached, and of those the earliest.
 * One that was passed over, or lies on a leg whose successor has begun, is not awaited any more: its scan was lost.
 */
export const nextStep = (plan: ShipmentPlan, progress: Progress): PlanStep | null => {
  const { legs } = planShape(plan);
  const lastOn = legs.map(({ steps }) =>
    steps.findLastIndex(({ key }) => progress.reached[key] !== undefined),
  );
  const isPassed = (index: number): boolean =>
    legs.some(({ feeders }, other) => feeders.includes(index) && (lastOn[other]! >= 0 || isPassed(other)));
  let next: PlanStep | null = null;
  for (const { index, steps } of legs) {
    const step = steps[lastOn[index]! + 1];
    if (step === undefined || isPassed(index)) continue;
    if (next === null || step.plannedAt < next.plannedAt) next = step;
  }
  return next;
};

/** Log time at which the next scan is expected: planned, later by the delay so far, and not before anything was heard. */
export const nextExpectedAt = (
  plan: ShipmentPlan,
  progress: Progress,
  step: PlanStep,
  heardAt: number,
): number => Math.max(step.plannedAt + Math.max(0, delayMin(plan, progress)) * 60_000, heardAt);
