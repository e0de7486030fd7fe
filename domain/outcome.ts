import { z } from 'zod';
import { tier } from './codes.ts';
import { id, instant, probability, word } from './schema.ts';

/** How a shipment ended, against the promise that its contract names. One row a shipment: the label. */
export const outcome = z.object({
  id,
  version: z.int().min(1).meta({ column: 'UInt32' }),
  at: instant,
  heardAt: instant,
  shipmentId: id,
  customerId: id,
  tier,
  carrier: word,
  lane: word,
  service: word,
  result: z.enum(['delivered', 'returned', 'cancelled', 'lost']),
  promisedAt: instant,
  deliveredAt: instant.nullable(),
  /** Delivered minus promised, in minutes; negative is early; null when never delivered. */
  minutesLate: z.number().nullable(),
  breached: z.boolean(),
  exceptions: z.array(z.string()),
  actions: z.array(z.string()),
  /** Highest risk that was ever predicted before delivery. */
  peakProbability: probability.nullable(),
  predicted: z.boolean(),
  /** First message to the customer, and whether it went out before the promise had passed. */
  customerToldAt: instant.nullable(),
  toldBeforeBreach: z.boolean(),
});
export type Outcome = z.infer<typeof outcome>;
