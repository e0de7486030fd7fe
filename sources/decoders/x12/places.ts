import type { Place } from '../../../domain/event.ts';
import { isUnlocode } from '../../../domain/unlocode.ts';
import { orNull } from '../edi-text.ts';
import { nowhere, placeWith } from '../place-with.ts';
import type { Segment } from './segment.ts';

const placeOf = (city: string, region: string, country: string, postalCode: string): Place => ({
  ...nowhere,
  city: orNull(city),
  region: orNull(region),
  country: orNull(country),
  postalCode: orNull(postalCode),
});

/** Element 309 and 310: `UN` names a UN/LOCODE, `CI` a city; lists of others (customs' D and K, a carrier's own) stay out. */
const located = (qualifier: string, identifier: string): Partial<Place> => {
  if (qualifier === 'UN' && isUnlocode(identifier.toUpperCase()))
    return { unlocode: identifier.toUpperCase() };
  return qualifier === 'CI' && identifier !== '' ? { city: identifier } : {};
};

/** N4: city, region, postal code, country, location qualifier and identifier. */
export const placeOfN4 = (n4: Segment): Place => {
  const place = placeOf(n4.value(1), n4.value(2), n4.value(4), n4.value(3));
  return n4.value(5) === 'UN' ? { ...place, ...located('UN', n4.value(6)) } : place;
};

/** MS1: city, region, country, longitude `DDDMMSS`, latitude `DDMMSS`, then their directions `E`/`W`, `N`/`S`. */
export const placeOfMs1 = (ms1: Segment): Place | null => {
  const place = placeOf(ms1.value(1), ms1.value(2), ms1.value(3), ms1.value(8));
  const longitude = degreesOf(ms1.value(4), ms1.value(6), 'E', 'W');
  const latitude = degreesOf(ms1.value(5), ms1.value(7), 'N', 'S');
  if (longitude !== null && latitude !== null) return { ...place, longitude, latitude };
  return place.city === null && place.region === null && place.country === null ? null : place;
};

/** R4: function, location qualifier and identifier, port name, country, terminal, pier, region. */
export const placeOfR4 = (r4: Segment): Place | null => {
  const named = located(r4.value(2), r4.value(3));
  const unlocode = named.unlocode ?? null;
  return placeWith({
    ...named,
    city: orNull(r4.value(4)) ?? named.city ?? null,
    region: orNull(r4.value(8)),
    country: orNull(r4.value(5)) ?? (unlocode === null ? null : unlocode.slice(0, 2)),
  });
};

/** B4-11 and B4-12: where the status was taken; null where neither names a place that others know too. */
export const placeOfLocation = (qualifier: string, identifier: string): Place | null => {
  const named = located(qualifier, identifier);
  return placeWith({ ...named, country: named.unlocode?.slice(0, 2) ?? null });
};

/** City, region and country as Q5 has them. */
export const placeOfCity = (city: string, region: string, country: string): Place | null =>
  placeWith({ city: orNull(city), region: orNull(region), country: orNull(country) });

/** `0735923`, `W` → −73.9897; null without a direction, for a position on the wrong half of the earth helps nobody. */
const degreesOf = (digits: string, direction: string, positive: string, negative: string): number | null => {
  if (!/^\d{6,7}$/.test(digits) || (direction !== positive && direction !== negative)) return null;
  const seconds =
    Number(digits.slice(0, -4)) * 3600 + Number(digits.slice(-4, -2)) * 60 + Number(digits.slice(-2));
  return (direction === positive ? 1 : -1) * (Math.round((seconds / 3600) * 1e6) / 1e6);
};
