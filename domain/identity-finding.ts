import { z } from 'zod';
import { status } from './codes.ts';
import { id, instant, word } from './schema.ts';

/**
 * What became of an event that could not simply be given to its shipment. `held`: no plan claims any of its names;
 * `found`: one did later; `given_up`: none did in time, it is a dead letter; `disagreed`: its names mean different
 * shipments, and the best of them was believed.
 */
export const identityFinding = z.object({
  id,
  at: instant,
  heardAt: instant,
  what: z.enum(['held', 'found', 'given_up', 'disagreed']),
  eventId: id,
  feed: word,
  carrier: word.nullable(),
  status,
  category: word.nullable(),
  /** Names by which it goes, best first. */
  names: z.array(z.string()),
  /** Shipments that were found, or between which its names disagree; those that it was given to come first. */
  shipmentIds: z.array(z.string()),
});
export type IdentityFinding = z.infer<typeof identityFinding>;
