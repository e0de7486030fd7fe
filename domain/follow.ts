import { hasEnded, type Moving } from './moving.ts';
import { advance, emptyProgress, type Progress, replan } from './progress.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** What is kept of a shipment that is followed: its plan, once it has come, and its progress. */
export interface Followed {
  readonly plan: ShipmentPlan | null;
  readonly progress: Progress;
}

export const notFollowed: Followed = { plan: null, progress: emptyProgress };

/** After an event; `moving` is null while there is no plan. */
export const followEvent = (
  before: Followed,
  event: TrackingEvent,
): { readonly state: Followed; readonly moving: Moving | null } => {
  const progress = advance(before.progress, before.plan, event);
  const state = { plan: before.plan, progress };
  if (before.plan === null) return { state, moving: null };
  const advanced = Object.keys(progress.reached).length !== Object.keys(before.progress.reached).length;
  return {
    state,
    moving: {
      plan: before.plan,
      progress,
      trigger: event.id,
      advanced,
      ended: hasEnded(before.plan, progress),
    },
  };
};

/** After a plan, the first or a later one: all that was heard is read against it. */
export const followPlan = (
  before: Followed,
  plan: ShipmentPlan,
): { readonly state: Followed; readonly moving: Moving } => {
  const progress = replan(before.progress, plan);
  return {
    state: { plan, progress },
    moving: { plan, progress, trigger: plan.id, advanced: true, ended: hasEnded(plan, progress) },
  };
};

/**
 * How long a shipment without an end is remembered: what turns up again after a year is delivered still, and its
 * outcome is worth learning from.
 */
export const liveForMs = 400 * 86_400_000;

/** Log time at which a shipment may be forgotten: a while after its end, or long after its promise and its last news. */
export const forgetAt = ({ plan, ended }: Moving, now: number): number =>
  ended ? now + 3 * 86_400_000 : Math.max(now, plan.promisedAt) + liveForMs;
