import { overrides, takesBack } from './event-version.ts';
import { isCalledOff } from './moving.ts';
import type { ShipmentEnd } from './shipment-case.ts';
import type { ShipmentPlan } from './shipment-plan.ts';
import type { TrackingEvent } from './tracking-event.ts';

const endings: Partial<Record<TrackingEvent['status'], ShipmentEnd['result']>> = {
  delivered: 'delivered',
  returned: 'returned',
  cancelled: 'cancelled',
};

/** The end is heard again, in this or in a later version, or it is taken back. */
const isReplaced = (endId: string, { id, retracts }: TrackingEvent): boolean =>
  endId === id || overrides(id, endId) || (retracts !== null && takesBack(retracts, endId));

/** All ends that were told of a shipment and stand, after one more event; the same list where it changes none. */
export const endsAfterEvent = (
  ends: readonly ShipmentEnd[],
  event: TrackingEvent,
): readonly ShipmentEnd[] => {
  const result = endings[event.status];
  const left = ends.filter(({ eventId }) => !isReplaced(eventId, event));
  if (result !== undefined) return [...left, { eventId: event.id, result, at: event.at }];
  return left.length < ends.length ? left : ends;
};

const planCancelled = 'plan';

/** A plan that was called off, or merged into another, ends the shipment, until a later plan takes it up again. */
export const endsAfterPlan = (ends: readonly ShipmentEnd[], plan: ShipmentPlan): readonly ShipmentEnd[] => {
  const wasCancelled = ends.some(({ eventId }) => eventId === planCancelled);
  const isCancelled = isCalledOff(plan);
  if (isCancelled === wasCancelled) return ends;
  const left = ends.filter(({ eventId }) => eventId !== planCancelled);
  return isCancelled ? [...left, { eventId: planCancelled, result: 'cancelled', at: plan.at }] : left;
};
