import { z } from 'zod';
import { eventBase } from './event.ts';
import { text } from './schema.ts';

/**
 * What a vessel's AIS transponder says: where it is and how it moves (ITU-R M.1371 messages 1, 2 and 3), or who it is and
 * where it goes (message 5: IMO number, name and destination, and no position).
 */
export const vesselPosition = eventBase.extend({
  /** Nine digits, as text: some begin with 0. */
  mmsi: z.string().regex(/^\d{9}$/),
  imo: z
    .string()
    .regex(/^\d{7}$/)
    .nullable()
    .default(null),
  name: text.max(40).nullable().default(null),
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
  /** Knots over ground; null where not available. */
  speedKn: z.number().min(0).nullable().default(null),
  /** Degrees true over ground. */
  courseDeg: z.number().min(0).max(360).nullable().default(null),
  /** Navigational status: 0 under way using engine, 1 at anchor, 5 moored, 15 not defined. */
  navigation: z.int().min(0).max(15).default(15),
  destination: text.max(40).nullable().default(null),
  /** UN/LOCODE of the port in whose waters it is, by the location master; null elsewhere. */
  port: z.string().length(5).nullable().default(null),
});
export type VesselPosition = z.infer<typeof vesselPosition>;
