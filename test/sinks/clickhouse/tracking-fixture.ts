import type { TrackingEvent } from '../../../domain/tracking-event.ts';

export const DAY = 86_400_000;
/** Noon of a day since 1970. */
export const noonOf = (day: number): number => day * DAY + DAY / 2;

let made = 0;

/** A scan on the way of which nothing else is to be said. */
export const eventOf = (
  shipmentId: string,
  heardAt: number,
  fields: Partial<TrackingEvent> = {},
): TrackingEvent => ({
  id: `event-${(made += 1)}`,
  at: heardAt,
  heardAt,
  source: { feed: 'exfr', document: 'd', position: 0, decoder: 'test', mapping: null },
  shipmentId,
  identifiers: [],
  carrier: 'EXFR',
  status: 'in_transit',
  cause: 'none',
  effect: 'none',
  party: 'none',
  category: null,
  code: null,
  place: null,
  leg: null,
  milestone: null,
  estimatedAt: null,
  text: null,
  zoneSource: 'utc',
  precision: 'instant',
  expects: null,
  temperatureC: null,
  retracts: null,
  ...fields,
});
