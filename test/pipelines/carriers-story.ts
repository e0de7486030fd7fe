import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { plans, tracking } from '../../pipelines/topics.ts';
import type { Topic } from '../../runtime/topic.ts';
import { event, hubPlan, minute, monday } from '../domain/sample-shipment.ts';

export interface Heard<T = unknown> {
  readonly topic: Topic<T>;
  readonly heardAt: number;
  readonly row: T;
}

export const hour = 60 * minute;
export const day = 24 * hour;

export const planHeard = (
  shipmentId: string,
  heardAt: number,
  change: Partial<ShipmentPlan> = {},
): Heard<ShipmentPlan> => ({
  topic: plans,
  heardAt: monday + heardAt,
  row: hubPlan({ id: `plan-${shipmentId}-${heardAt}`, shipmentId, heardAt: monday + heardAt, ...change }),
});

/** Promised at 17:40 of the first day: late at the minute 1061, in time at 1060. */
export const deliveryHeard = (
  shipmentId: string,
  heardAt: number,
  minutes: number,
  change: Partial<TrackingEvent> = {},
): Heard<TrackingEvent> => ({
  topic: tracking,
  heardAt: monday + heardAt,
  row: event(`end-${shipmentId}-${heardAt}`, minutes, {
    shipmentId,
    status: 'delivered',
    milestone: 'o:delivery',
    heardAt: monday + heardAt,
    ...change,
  }),
});
