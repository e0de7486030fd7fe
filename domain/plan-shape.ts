import type { PlanMilestone, ShipmentPlan } from './shipment-plan.ts';

/** One expected event as a step: what stands before it and how long it should take from there. */
export interface PlanStep {
  readonly key: string;
  readonly kind: PlanMilestone['kind'];
  readonly leg: number;
  readonly plannedAt: number;
  /** Key of the step before it on the same leg; null for the first one. */
  readonly before: string | null;
  readonly plannedMs: number;
}

export interface PlanLegShape {
  readonly index: number;
  readonly steps: readonly PlanStep[];
  /** Legs that must be in before this one can leave. */
  readonly feeders: readonly number[];
  readonly startsAt: number;
  readonly endsAt: number;
  /** True where no other leg waits for it: the shipment ends with it. */
  readonly last: boolean;
}

/** A plan read as a network of legs: three inbound legs into one hub feed the leg that leaves it. */
export interface PlanShape {
  readonly legs: readonly PlanLegShape[];
  readonly steps: readonly PlanStep[];
  readonly stepOf: ReadonlyMap<string, PlanStep>;
  /** When the plan itself ends; the promise may lie later. */
  readonly endsAt: number;
}

const shapes = new WeakMap<ShipmentPlan, PlanShape>();

/** Worked out once for each plan object and remembered with it. */
export const planShape = (plan: ShipmentPlan): PlanShape => {
  const known = shapes.get(plan);
  if (known !== undefined) return known;
  const shape = shapeOf(plan);
  shapes.set(plan, shape);
  return shape;
};

const shapeOf = (plan: ShipmentPlan): PlanShape => {
  const feeders = feedersOf(plan);
  const feeding = new Set(feeders.flat());
  const legs: PlanLegShape[] = [];
  for (const [index, leg] of plan.legs.entries()) {
    const from = feeders[index] ?? [];
    // Feeders come earlier in the plan, so their shapes are there already.
    const startsAt = from.reduce(
      (latest, feeder) => Math.max(latest, legs[feeder]?.endsAt ?? latest),
      plan.at,
    );
    const steps = stepsOf(
      plan.milestones.filter((milestone) => milestone.leg === index),
      startsAt,
    );
    const endsAt = steps.reduce((end, { plannedAt }) => Math.max(end, plannedAt), -Infinity);
    legs.push({
      index,
      steps,
      feeders: from,
      startsAt,
      endsAt: endsAt === -Infinity ? leg.arriveAt : endsAt,
      last: !feeding.has(index),
    });
  }
  const steps = legs.flatMap((leg) => leg.steps);
  return {
    legs,
    steps,
    stepOf: new Map(steps.map((step) => [step.key, step])),
    endsAt: legs.reduce((end, leg) => (leg.last ? Math.max(end, leg.endsAt) : end), -Infinity),
  };
};

/**
 * A leg is fed by the earlier legs that end where it begins and not after it leaves. A plan in which no
 * places meet at all (a TMS that names dock and city) is read as one leg after the other.
 */
const feedersOf = ({ legs }: ShipmentPlan): readonly (readonly number[])[] => {
  const met = legs.map((leg, index) =>
    legs
      .slice(0, index)
      .flatMap((other, at) => (other.to === leg.from && other.arriveAt <= leg.departAt ? [at] : [])),
  );
  return met.some((feeders) => feeders.length > 0)
    ? met
    : legs.map((_, index) => (index === 0 ? [] : [index - 1]));
};

const stepsOf = (milestones: readonly PlanMilestone[], startsAt: number): PlanStep[] =>
  milestones.map(({ key, kind, leg, plannedAt }, index) => {
    const before = milestones[index - 1] ?? null;
    return {
      key,
      kind,
      leg,
      plannedAt,
      before: before === null ? null : before.key,
      plannedMs: plannedAt - (before?.plannedAt ?? startsAt),
    };
  });
