import { z } from 'zod';
import { eventBase } from './event.ts';
import { id } from './schema.ts';

/**
 * One step of a vessel's visit to a port, that has happened: it came to anchor, left it, was made fast at a berth, left
 * that. From DCSA operations events, or derived from AIS positions. `PortStatus` is made of them.
 */
export const portCall = eventBase.extend({
  port: z
    .string()
    .length(5)
    .meta({ description: 'UN/LOCODE, such as USLAX.', column: 'LowCardinality(String)' }),
  /** `imo:9321483`, or `mmsi:367001234` where the IMO number is not known. */
  vessel: id,
  place: z.enum(['anchorage', 'berth']),
  change: z.enum(['begun', 'ended']),
});
export type PortCall = z.infer<typeof portCall>;
