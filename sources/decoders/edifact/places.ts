import type { Place } from '../../../domain/event.ts';
import { isUnlocode } from '../../../domain/unlocode.ts';
import { orNull } from '../edi-text.ts';
import { placeWith } from '../place-with.ts';
import type { Segment } from './segment.ts';

const alpha2 = (text: string): string | null => (/^[A-Z]{2}$/i.test(text) ? text.toUpperCase() : null);

/**
 * C517: location code, list (1131), agency (3055), name. A code is a UN/LOCODE when it looks like one and its agency is the UN's
 * (6) or is not named; codes of IATA (3), a carrier or a terminal are nobody else's and only their name is kept.
 * A name in three parts is city, region, country: `WOODRIDGE, IL, US`. C519 and C553 add country (162) and region (163).
 */
export const placeOfLoc = (loc: Segment): Place | null => {
  const [code, agency, name] = [loc.value(2, 0).toUpperCase(), loc.value(2, 2), loc.value(2, 3)];
  const unlocode = isUnlocode(code) && (agency === '' || agency === '6') ? code : null;
  const [city = '', region = '', country = ''] = name.split(',').map((part) => part.trim());
  const related = (list: string): string | null => {
    for (const element of [3, 4]) if (loc.value(element, 1) === list) return orNull(loc.value(element, 0));
    return null;
  };
  return placeWith({
    unlocode,
    city: orNull(city),
    region: related('163') ?? alpha2(region),
    country: alpha2(related('162') ?? '') ?? alpha2(country) ?? unlocode?.slice(0, 2) ?? null,
  });
};

/** NAD: city (3164), region (C819 or 3229), postal code (3251), country (3207). */
export const placeOfNad = (nad: Segment): Place | null =>
  placeWith({
    city: orNull(nad.value(6)),
    region: orNull(nad.value(7)),
    postalCode: orNull(nad.value(8)),
    country: alpha2(nad.value(9)),
  });
