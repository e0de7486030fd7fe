import { z } from 'zod';
import { unlocodeForm } from './unlocode.ts';

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

/** A place of the customer's own: a site, a hub, a port. */
export const location = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(120)
    .meta({ description: 'As plans name it in from and to, and events in place.locationId.' }),
  name: z.string().max(200).optional().meta({ description: 'For people.' }),
  latitude: latitude.meta({ description: 'Degrees north.' }),
  longitude: longitude.meta({ description: 'Degrees east; negative in America.' }),
  unlocode: z
    .string()
    .regex(unlocodeForm)
    .optional()
    .meta({ description: 'UN/LOCODE of a port, such as USLGB; plans may name the place by it.' }),
  postalCode: z
    .string()
    .min(1)
    .max(20)
    .optional()
    .meta({ description: 'Events name the place by it, with country.' }),
  country: z.string().length(2).optional().meta({ description: 'ISO 3166-1, for postalCode.' }),
  zones: z
    .array(z.string().min(1).max(120))
    .optional()
    .meta({ description: 'Zones of alerts here, such as OHZ070; in the USA the county is found by itself.' }),
  timeZone: z.string().optional().meta({ description: 'IANA zone; left out, it is found by the point.' }),
  area: z
    .array(z.tuple([latitude, longitude]))
    .min(3)
    .optional()
    .meta({ description: 'Outline as [latitude, longitude], such as the anchorages and berths of a port.' }),
});
export type Location = z.infer<typeof location>;

/** `rules/locations.yaml`. */
export const locationsFile = z.strictObject({
  locations: z
    .array(location)
    .meta({ description: 'Places of your own; each id, and each UN/LOCODE, once.' }),
});
