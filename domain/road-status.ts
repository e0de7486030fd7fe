import { z } from 'zod';
import { eventBase } from './event.ts';
import { id, instant, text, word } from './schema.ts';

/** A stretch of road: works on it, or how long it takes. A later status of the same `roadId` replaces an earlier one. */
export const roadStatus = eventBase.extend({
  /** Id of the work zone or of the corridor, with its feed before it: `wzdx:ia-dot:4711`, `corridor:I80-OMA-CHI`. */
  roadId: id,
  kind: z.enum(['work_zone', 'travel_time']),
  /** Corridors of plans (`legs.corridors`) on which it lies. */
  corridors: z.array(word).default([]),
  roadNames: z.array(z.string().max(120)).default([]),
  direction: z.string().max(40).nullable().default(null),
  /** UGC zones through which it passes. */
  zones: z.array(z.string()).default([]),
  /** Middle of the stretch, degrees. */
  latitude: z.number().min(-90).max(90).nullable().default(null),
  longitude: z.number().min(-180).max(180).nullable().default(null),
  state: z.enum(['open', 'slow', 'closed']),
  /** Minutes that passing takes now and usually; null where the feed does not say. */
  travelMin: z.number().min(0).nullable().default(null),
  usualMin: z.number().min(0).nullable().default(null),
  startsAt: instant,
  /** When it is over, as far as is known; a travel time holds until then. */
  endsAt: instant,
  note: text.default(''),
});
export type RoadStatus = z.infer<typeof roadStatus>;
