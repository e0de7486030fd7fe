import { z } from 'zod';
import { eventBase, place } from './event.ts';
import { text, word } from './schema.ts';

/** What a station measured; null where it did not measure. Numbers are SI beside km/h for wind, as the NWS gives them. */
export const weatherObservation = eventBase.extend({
  /** ICAO identifier of the station, such as `KDCA`. */
  station: word,
  place: place.nullable().default(null),
  temperatureC: z.number().nullable().default(null),
  windKph: z.number().min(0).nullable().default(null),
  gustKph: z.number().min(0).nullable().default(null),
  visibilityM: z.number().min(0).nullable().default(null),
  /** In the last hour. */
  precipitationMm: z.number().min(0).nullable().default(null),
  /** In a few words, such as `heavy snow`. */
  conditions: text.max(400).default(''),
});
export type WeatherObservation = z.infer<typeof weatherObservation>;
