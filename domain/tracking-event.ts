import { z } from 'zod';
import { cause, effect, party, status } from './codes.ts';
import { eventBase, identifier, place, precision, zoneSource } from './event.ts';
import { id, instant, text, word } from './schema.ts';

/** The partner's own codes, kept as they came beside what they were mapped to. */
export const partnerCode = z.object({
  standard: word,
  status: z.string().nullable().default(null),
  reason: z.string().nullable().default(null),
});

/** A scan or a status: what a carrier says happened to a shipment, where and when. */
export const trackingEvent = eventBase.extend({
  /** Null until `normalise` has found the shipment among its identifiers. */
  shipmentId: id.nullable().default(null),
  identifiers: z.array(identifier).default([]),
  carrier: word.nullable().default(null),
  status,
  cause: cause.default('none'),
  effect: effect.default('none'),
  party: party.default('none'),
  /** Category of the taxonomy that the codes mean by themselves; null for plain progress. */
  category: word.nullable().default(null),
  code: partnerCode.nullable().default(null),
  place: place.nullable().default(null),
  /** Leg of the plan, from 0, and the milestone key of the plan that this event fulfils, where it says so. */
  leg: z.int().min(0).nullable().default(null),
  milestone: z.string().nullable().default(null),
  /** What the event estimates, for statuses of the kind `estimate` and `appointment`. */
  estimatedAt: instant.nullable().default(null),
  /** What is expected to happen at `estimatedAt`, where that is not the delivery: a carrier also estimates departures. */
  expects: status.nullable().default(null),
  /**
   * What the carrier wrote beside its codes: for people, to find trouble that has no category yet, and, where codes say
   * little, for the rules of `mappings/texts.yaml`.
   */
  text: text.max(1_000).nullable().default(null),
  /** Of the goods or the reefer's return air, in degrees Celsius, where the event measured it. */
  temperatureC: z.number().nullable().default(null),
  zoneSource: zoneSource.default('utc'),
  precision: precision.default('instant'),
  /** The event that this one takes back. */
  retracts: id.nullable().default(null),
});
export type TrackingEvent = z.infer<typeof trackingEvent>;
