import { z } from 'zod';
import { cause } from './codes.ts';
import { eventBase } from './event.ts';
import { count, id, instant, probability, text, word } from './schema.ts';

/**
 * What a carrier says of itself, or a score card of it: trouble in its network (`advisory`), room on its vehicles
 * (`capacity`), how well it has done (`performance`). A later one of the same `updateId` replaces an earlier one.
 */
export const carrierUpdate = eventBase.extend({
  updateId: id,
  kind: z.enum(['advisory', 'capacity', 'performance']),
  /** SCAC, or the name by which plans know the carrier. */
  carrier: word,
  /** Where it holds: empty is everywhere. */
  lanes: z.array(word).default([]),
  services: z.array(word).default([]),
  zones: z.array(z.string()).default([]),
  cause: cause.default('none'),
  /** Category of the taxonomy; null for what is no trouble. */
  category: word.nullable().default(null),
  startsAt: instant,
  endsAt: instant,
  /** It was taken back, or is over. */
  cancelled: z.boolean().default(false),
  /** Figures of a score card over `startsAt` to `endsAt`; null where it does not have them. */
  shipments: count.nullable().default(null).meta({ column: 'Nullable(UInt32)' }),
  onTimeRate: probability.nullable().default(null),
  tenderAcceptance: probability.nullable().default(null),
  headline: text.default(''),
});
export type CarrierUpdate = z.infer<typeof carrierUpdate>;
