import { type PlanLegShape, type PlanStep, planShape } from '../plan-shape.ts';
import type { View } from './view.ts';

const MINUTE_MS = 60_000;

type Way = Pick<View, 'plan' | 'progress' | 'rules'>;

/** Time that something ahead would cost, and the leg on which it would. */
export interface Extra {
  readonly leg: number;
  readonly ms: number;
}

/**
 * What a stop takes when it is short of time. What a plan allows above that is room, in which a delay is lost: the night
 * before the round, the hours until the line-haul leaves. Null where the plan's time is all work, as on the road.
 */
const workMs = ({ plan, rules }: Way, before: PlanStep, step: PlanStep): number | null => {
  const { handlingMin, deliveryMin } = rules.room;
  const mode = plan.legs[before.leg]?.mode ?? plan.mode;
  const isAtHub = before.leg !== step.leg || (before.kind === 'pickup' && step.kind === 'departure');
  if (isAtHub) return handlingMin[mode] === null ? null : handlingMin[mode] * MINUTE_MS;
  if (before.kind !== 'arrival' || step.kind !== 'delivery') return null;
  const lastMode = plan.legs[step.leg]?.mode ?? plan.mode;
  return deliveryMin[lastMode] === null ? null : deliveryMin[lastMode] * MINUTE_MS;
};

/** When a step is expected by the one before it: by its plan, and later only where that leaves too little time. */
const after = (way: Way, before: PlanStep, beforeAt: number, step: PlanStep): number => {
  const plannedMs = step.plannedAt - before.plannedAt;
  const work = workMs(way, before, step);
  if (work === null) return beforeAt + plannedMs;
  return Math.max(step.plannedAt, beforeAt + Math.min(plannedMs, work));
};

/** When each leg is expected to end; a leg without milestones as its plan says, later by what its feeders are late. */
const endOf = (
  way: Way,
  leg: PlanLegShape,
  legs: readonly PlanLegShape[],
  ends: readonly number[],
  extra: Extra | null,
): number => {
  let known: { readonly step: PlanStep; readonly at: number } | null = null;
  let costMs = extra !== null && extra.leg === leg.index ? extra.ms : 0;
  const lastReached = leg.steps.findLastIndex(({ key }) => way.progress.reached[key] !== undefined);
  for (const [index, step] of leg.steps.entries()) {
    const reached = way.progress.reached[step.key];
    if (reached !== undefined) {
      known = { step, at: reached.at };
      continue;
    }
    if (index < lastReached) continue;
    let at = known === null ? step.plannedAt : after(way, known.step, known.at, step);
    if (known === null) {
      for (const feeder of leg.feeders) {
        const last = legs[feeder]!.steps.at(-1);
        if (last !== undefined) at = Math.max(at, after(way, last, ends[feeder]!, step));
      }
    }
    // What lies ahead costs its time on the road, so before the stop at which the leg ends.
    if (costMs > 0 && step.kind !== 'pickup' && step.kind !== 'departure') {
      at += costMs;
      costMs = 0;
    }
    known = { step, at };
  }
  if (known !== null) return known.at + costMs;
  const lateMs = leg.feeders.reduce(
    (most, feeder) => Math.max(most, ends[feeder]! - legs[feeder]!.endsAt),
    0,
  );
  return leg.endsAt + lateMs + costMs;
};

/**
 * When it will be delivered by what was reached, given the room that its plan has. At the last hub planned 16:30, to the door
 * 20:30 the next day, the round needing 8 h: there at 21:30 → 20:30 still; there at 14:00 the next day → 22:00. It is what
 * tells a delay that matters from one that a night in the hub makes good; `expectedArrival` carries every delay to the end.
 */
export const expectedDelivery = (way: Way, extra: Extra | null = null): number => {
  const { legs } = planShape(way.plan);
  const ends: number[] = [];
  for (const leg of legs) ends.push(endOf(way, leg, legs, ends, extra));
  return legs.reduce((end, { last, index }) => (last ? Math.max(end, ends[index]!) : end), -Infinity);
};
