import { type ShipmentPlan, shipmentPlan } from '../../domain/shipment-plan.ts';
import { type TrackingEvent, trackingEvent } from '../../domain/tracking-event.ts';

const source = { feed: 'test', document: 'd', position: 0, decoder: 'canonical', mapping: null };

export const minute = 60_000;

/** Midnight of a Monday. */
export const monday = Date.UTC(2024, 0, 1);

/** Minutes after that midnight as an instant. */
export const at = (minutes: number): number => monday + minutes * minute;

/**
 * Two inbound legs into HUB and one out of it, planned from 0:00. In minutes: `a` picked up 60, in the hub 600;
 * `b` picked up 120, in the hub 480; `o` departs 660, arrives 900, delivered 1000. Promised 1060: 60 slack.
 */
export const hubPlan = (change: Partial<ShipmentPlan> = {}): ShipmentPlan => ({
  ...shipmentPlan.parse({
    id: 'plan-1',
    at: at(0),
    heardAt: at(0),
    source,
    shipmentId: 'S1',
    customerId: 'C1',
    carrier: 'ACME',
    service: 'standard',
    mode: 'air',
    lane: 'AAA-ZZZ',
    legs: [
      { carrier: 'ACME', mode: 'air', from: 'AAA', to: 'HUB', departAt: at(60), arriveAt: at(600) },
      { carrier: 'ACME', mode: 'air', from: 'BBB', to: 'HUB', departAt: at(120), arriveAt: at(480) },
      { carrier: 'ACME', mode: 'air', from: 'HUB', to: 'ZZZ', departAt: at(660), arriveAt: at(1000) },
    ],
    milestones: [
      { key: 'a:pickup', kind: 'pickup', leg: 0, plannedAt: at(60) },
      { key: 'a:hub', kind: 'hub_delivery', leg: 0, plannedAt: at(600) },
      { key: 'b:pickup', kind: 'pickup', leg: 1, plannedAt: at(120) },
      { key: 'b:hub', kind: 'hub_delivery', leg: 1, plannedAt: at(480) },
      { key: 'o:departure', kind: 'departure', leg: 2, plannedAt: at(660) },
      { key: 'o:arrival', kind: 'arrival', leg: 2, plannedAt: at(900) },
      { key: 'o:delivery', kind: 'delivery', leg: 2, plannedAt: at(1000) },
    ],
    promisedAt: at(1060),
  }),
  ...change,
});

export const event = (id: string, minutes: number, change: Partial<TrackingEvent> = {}): TrackingEvent => ({
  ...trackingEvent.parse({ id, at: at(minutes), heardAt: at(minutes), source, status: 'in_transit' }),
  ...change,
});
