import { z } from 'zod';
import { eventBase } from './event.ts';
import { id, instant, text, word } from './schema.ts';

/** An NWS or CAP alert. `zones` are UGC codes; a chain of updates shares `hazardId`. */
export const weatherAlert = eventBase.extend({
  alertId: id,
  /** Office, phenomenon, significance, number and year of the VTEC, else the first alert of the reference chain. */
  hazardId: id,
  messageType: z.enum(['alert', 'update', 'cancel']),
  /** VTEC action (NEW, CON, EXT, EXA, EXB, UPG, COR, CAN, EXP, ROU); null without VTEC. */
  vtecAction: z.string().nullable().default(null),
  event: word,
  severity: z.enum(['extreme', 'severe', 'moderate', 'minor', 'unknown']),
  certainty: z.enum(['observed', 'likely', 'possible', 'unlikely', 'unknown']),
  zones: z.array(z.string()),
  onsetAt: instant,
  endsAt: instant,
  headline: text.default(''),
  references: z.array(z.string()).default([]),
});
export type WeatherAlert = z.infer<typeof weatherAlert>;
