import { planShape } from '../plan-shape.ts';
import { expectedDelivery } from './expected-delivery.ts';
import { type Detector, look, MINUTE_MS, nothingFound } from './view.ts';

/**
 * The latest milestone was reached so late that the delivery is expected after the promise. Not raised: for a delay that
 * the rest of the way has room for; for a milestone that was not heard of, which is a missing scan.
 */
export const lateMilestone: Detector = (view) => {
  const { plan, progress, rules } = view;
  const key = progress.lastMilestone;
  const step = key === null ? undefined : planShape(plan).stepOf.get(key);
  const reached = key === null ? undefined : progress.reached[key];
  if (step === undefined || reached === undefined) return nothingFound;
  const { min, marginMin } = rules.lateMilestone;
  const lateMin = (reached.at - step.plannedAt) / MINUTE_MS;
  // By what was reached alone: that the next scan is overdue may only mean that it is slow to be heard.
  const expectedAt = expectedDelivery(view);
  if (lateMin < min[plan.legs[step.leg]?.mode ?? plan.mode]) return nothingFound;
  if (expectedAt <= plan.promisedAt + marginMin * MINUTE_MS) return nothingFound;
  const isPickup = step.kind === 'pickup';
  return look([
    {
      category: isPickup ? 'missed_pickup' : 'delay',
      topic: 'late-milestone',
      kind: isPickup ? 'detected' : 'predicted',
      at: reached.at,
      cause: 'unmapped',
      effect: 'delay',
      party: 'carrier',
      evidence: { events: [reached.eventId] },
      expectedAt,
    },
  ]);
};
