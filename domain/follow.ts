import { hasEnded, type Moving } from './moving.ts';
import { nextExpectedAt, nextStep } from './next-step.ts';
import { advance, emptyProgress, type Progress, replan } from './progress.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import type { TrackingEvent } from './tracking-event.ts';

/** What is kept of a shipment that is followed: its plan, once it has come, and its progress. */
export interface Followed {
  readonly plan: ShipmentPlan | null;
  readonly progress: Progress;
  /** Log time at which anything was heard of it last; absent before the first time. */
  readonly heardAt?: number;
}

export const notFollowed: Followed = { plan: null, progress: emptyProgress };

const sameReached = (before: Progress['reached'], after: Progress['reached']): boolean => {
  const keys = Object.keys(after);
  return (
    keys.length === Object.keys(before).length &&
    keys.every((key) => before[key]?.eventId === after[key]!.eventId)
  );
};

/** How long the next milestone had been awaited when this event, heard at `now`, brought it or one after it. */
const gapOf = ({ plan, progress, heardAt }: Followed, after: Progress, now: number): Moving['gap'] => {
  if (plan === null || heardAt === undefined || after.lastMilestone === progress.lastMilestone) return null;
  const step = nextStep(plan, progress);
  if (step === null) return null;
  return { step, gapMin: (now - nextExpectedAt(plan, progress, step, heardAt)) / 60_000 };
};

/** After an event that was heard at log time `now`; `moving` is null while there is no plan. */
export const followEvent = (
  before: Followed,
  event: TrackingEvent,
  now: number,
): { readonly state: Followed; readonly moving: Moving | null } => {
  const progress = advance(before.progress, before.plan, event);
  const state = { plan: before.plan, progress, heardAt: now };
  if (before.plan === null) return { state, moving: null };
  const advanced = !sameReached(before.progress.reached, progress.reached);
  return {
    state,
    moving: {
      plan: before.plan,
      progress,
      trigger: event.id,
      advanced,
      ended: hasEnded(before.plan, progress),
      heardAt: now,
      gap: gapOf(before, progress, now),
    },
  };
};

/** After a plan, the first or a later one, heard at log time `now`: all that was heard is read against it. */
export const followPlan = (
  before: Followed,
  plan: ShipmentPlan,
  now: number,
): { readonly state: Followed; readonly moving: Moving } => {
  const progress = replan(before.progress, plan);
  const heardAt = before.plan === null ? now : (before.heardAt ?? now);
  const ended = hasEnded(plan, progress);
  return {
    state: { plan, progress, heardAt },
    moving: { plan, progress, trigger: plan.id, advanced: true, ended, heardAt, gap: null },
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
