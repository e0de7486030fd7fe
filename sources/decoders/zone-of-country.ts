import { offsetMs, type WallTime } from '../../domain/local-time.ts';

const zonesByCountry = new Map<string, readonly string[]>();

/** Zones of a country as Node's own tz database has them: DE → Europe/Berlin, Europe/Busingen. */
const zonesOf = (country: string): readonly string[] => {
  const known = zonesByCountry.get(country);
  if (known !== undefined) return known;
  const locale = new Intl.Locale('und', { region: country });
  // A property up to Node 22, a method from then on; the types know neither yet.
  const method: unknown = Reflect.get(locale, 'getTimeZones');
  const found: unknown =
    typeof method === 'function' ? Reflect.apply(method, locale, []) : Reflect.get(locale, 'timeZones');
  const zones = Array.isArray(found) ? found.filter((zone) => typeof zone === 'string') : [];
  zonesByCountry.set(country, zones);
  return zones;
};

/**
 * Zone of a country whose clocks all show the same at that time: DE → Europe/Berlin, NL → Europe/Amsterdam; null for US, and
 * for ES, whose Canary Islands are an hour behind.
 */
export const zoneOfCountry = (country: string | null, wall: WallTime): string | null => {
  if (country === null || !/^[A-Z]{2}$/.test(country)) return null;
  const [first, ...rest] = zonesOf(country);
  if (first === undefined) return null;
  const offset = offsetMs(first, wall);
  return rest.every((zone) => offsetMs(zone, wall) === offset) ? first : null;
};
