import { createRequire } from 'node:module';
import type { ZipCode } from 'zipcodes';
import type { Point } from '../../domain/places.ts';

/** Points of postal places of the USA and Canada. */
export interface PostalPlaces {
  /** Five digits of a US ZIP code, with or without four more, or a Canadian code, of which the first three signs tell the place. */
  readonly byCode: (code: string, country: string) => Point | null;
  /** A city of the USA by its state's abbreviation. */
  readonly byCity: (city: string, state: string) => Point | null;
}

/** From the package zipcodes; its table takes some 5 MB of text, so it is read when it is first asked for. */
export const loadPostalPlaces = (): PostalPlaces => {
  const { codes }: { readonly codes: Readonly<Record<string, ZipCode>> } = createRequire(import.meta.url)(
    'zipcodes',
  );
  const cities = new Map<string, Point>();
  for (const { city, state, country, latitude, longitude } of Object.values(codes)) {
    if (country !== 'US') continue;
    const key = cityKey(city, state);
    // The lowest code of a city is, as a rule, that of its middle.
    if (!cities.has(key)) cities.set(key, { latitude, longitude });
  }
  const pointOf = (key: string): Point | null => {
    const found = Object.hasOwn(codes, key) ? codes[key] : undefined;
    return found === undefined ? null : { latitude: found.latitude, longitude: found.longitude };
  };
  return {
    byCode: (code, country) => {
      const text = code.trim().toUpperCase();
      if (isUsa(country)) {
        const zip = /^(\d{5})(?:-?\d{4})?$/.exec(text)?.[1];
        return zip === undefined ? null : pointOf(zip);
      }
      if (!isCanada(country)) return null;
      const district = /^([A-Z]\d[A-Z])(?:\s?\d[A-Z]\d)?$/.exec(text)?.[1];
      return district === undefined ? null : pointOf(district);
    },
    byCity: (city, state) => cities.get(cityKey(city, state)) ?? null,
  };
};

/** Words that addresses shorten, as the table mostly writes them. */
const longWords: Readonly<Record<string, string>> = { ST: 'SAINT', FT: 'FORT', MT: 'MOUNT' };

const cityKey = (city: string, state: string): string => {
  const [first = '', ...rest] = city
    .trim()
    .toUpperCase()
    .split(/[.\s]+/);
  return `${[longWords[first] ?? first, ...rest].join(' ')}|${state.trim().toUpperCase()}`;
};

export const isUsa = (country: string): boolean => /^(?:US|USA)$/i.test(country.trim());
export const isCanada = (country: string): boolean => /^(?:CA|CAN)$/i.test(country.trim());
