import { z } from 'zod';
import { contentsClass, mode } from './codes.ts';
import { eventBase, identifier, precision } from './event.ts';
import { currency, id, instant, minorUnits, word } from './schema.ts';

export const planLeg = z.object({
  carrier: word,
  mode,
  from: word,
  to: word,
  /** NWS zones (UGC, such as `OHC049` or `ILZ014`) that the leg passes. */
  zones: z.array(z.string()).default([]),
  /** Where on the leg each zone is passed, as a route planner tells it: 0 its start, 1 its end. Without, any may be at any time. */
  zonesAt: z.array(z.number().min(0).max(1)).optional(),
  /** Corridors of roads that it follows, by the names of the travel-time feed. */
  corridors: z.array(word).default([]),
  departAt: instant,
  arriveAt: instant,
  /** UN/LOCODE of a port that the leg ends in, where it does. */
  port: z.string().nullable().default(null),
  /** Until when the goods must be there to leave with it; null where nobody says. */
  cutoffAt: instant.nullable().default(null),
});
export type PlanLeg = z.infer<typeof planLeg>;

export const milestoneKinds = ['pickup', 'departure', 'arrival', 'hub_delivery', 'delivery'] as const;

/** An expected event: `key` is unique in the plan; `plannedAt` is when it should have happened. */
export const planMilestone = z.object({
  key: z.string().min(1).max(40),
  kind: z.enum(milestoneKinds),
  leg: z.int().min(0),
  plannedAt: instant,
});
export type PlanMilestone = z.infer<typeof planMilestone>;

/** What the TMS says should happen: legs, milestones and the promise. A later plan replaces an earlier one. */
export const shipmentPlan = eventBase.extend({
  shipmentId: id,
  identifiers: z.array(identifier).default([]),
  customerId: id,
  carrier: word,
  service: word,
  mode,
  /** Origin and destination as one word, such as `CHI-NYC`. */
  lane: word,
  legs: z.array(planLeg).min(1),
  milestones: z.array(planMilestone).default([]),
  /** The first promise made to the customer; later ones do not move the label. */
  promisedAt: instant,
  promisePrecision: precision.default('instant'),
  /** The window agreed with the receiver, where there is one. */
  appointment: z.object({ from: instant, to: instant }).nullable().default(null),
  valueMinor: minorUnits.default(0),
  currency: currency.default('USD'),
  contentsClass: contentsClass.default('general'),
  /** What the goods must be kept at, degrees Celsius; null where it does not matter. */
  temperature: z.object({ minC: z.number(), maxC: z.number() }).nullable().default(null),
  /** Another shipment that this one was merged into: what is heard of it is heard of that. */
  mergedInto: id.nullable().default(null),
  cancelled: z.boolean().default(false),
});
export type ShipmentPlan = z.infer<typeof shipmentPlan>;
