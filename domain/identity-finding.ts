import { z } from 'zod';
import { cause, status } from './codes.ts';
import { id, instant, word } from './schema.ts';
import { partnerCode } from './tracking-event.ts';

export const identityFindings = ['held', 'found', 'given_up', 'disagreed', 'merge_loop'] as const;

/**
 * What became of an event that could not simply be given to its shipment. `held`: no plan claims any of its names;
 * `found`: one did later; `given_up`: none did in time, it is a dead letter; `disagreed`: its names mean different
 * shipments, and the best of them was believed. `merge_loop`: a plan was merged into a shipment that was merged into its own,
 * so that merge is not followed; the event is the plan.
 */
export const identityFinding = z.object({
  id,
  at: instant,
  heardAt: instant,
  what: z.enum(identityFindings),
  eventId: id,
  feed: word,
  carrier: word.nullable(),
  status,
  category: word.nullable(),
  /** Its codes as they came, and what their reason means: what no mapping knows is counted while it waits, too. */
  code: partnerCode.nullable().default(null),
  cause: cause.default('none'),
  /** Names by which it goes, best first. */
  names: z.array(z.string()),
  /** Shipments that were found, between which its names disagree, or that form a loop; those that it was given to come first. */
  shipmentIds: z.array(z.string()),
});
export type IdentityFinding = z.infer<typeof identityFinding>;
