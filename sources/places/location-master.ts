import timeZoneAt from '@photostructure/tz-lookup';
import { booleanIntersects } from '@turf/boolean-intersects';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Geometry, Polygon } from 'geojson';
import type { Location } from '../../domain/location.ts';
import type { Place } from '../../domain/event.ts';
import type { Places, Point, Way } from '../../domain/places.ts';
import type { ShipmentPlan } from '../../domain/shipment-plan.ts';
import { type CountyMap, loadCountyMap } from './county-map.ts';
import { pointOfWord } from './place-word.ts';
import { isCanada, isUsa, loadPostalPlaces, type PostalPlaces } from './postal-places.ts';
import { polygonOf, polygonsOf, shareOfWay, straightWay } from './shapes.ts';

/** Modes that follow the ground: others are in the weather of their ends only. */
const overLand: ReadonlySet<ShipmentPlan['mode']> = new Set(['parcel', 'ltl', 'truckload', 'rail']);

/** Longer ways than these are not gone in a straight line, and fill the memory. */
const MOST_WAYS = 20_000;

/**
 * The location master: the customer's own places first, then postal places, county shapes and time zones from packages.
 * A leg passes the counties of its ends and, over land, those that the straight way between them meets: a road may bend
 * around some of them, which a plan that names its zones itself does not have to bear. How far along a county lies is told by
 * the middle of its box. Tables are read when they are first
 * asked for: without a leg, an alert or a stop that needs them they cost nothing.
 */
export const locationMaster = (locations: readonly Location[]): Places => {
  const byWord = new Map<string, Location>();
  const byPostal = new Map<string, Location>();
  const outlines: { readonly location: Location; readonly shape: Polygon }[] = [];
  for (const location of locations) {
    const { id, unlocode, postalCode, country, area } = location;
    if (unlocode !== undefined) byWord.set(unlocode, location);
    byWord.set(id.toUpperCase(), location);
    if (postalCode !== undefined) byPostal.set(postalKey(postalCode, country ?? ''), location);
    if (area !== undefined)
      outlines.push({
        location,
        shape: polygonOf(area.map(([latitude, longitude]) => ({ latitude, longitude }))),
      });
  }
  const counties = once<CountyMap>(loadCountyMap);
  const postal = once<PostalPlaces>(loadPostalPlaces);
  const ways = new Map<string, Way>();

  const zonesAt = (location: Location | undefined, point: Point): readonly string[] =>
    location === undefined
      ? counties().at(point)
      : [ownZone(location), ...(location.zones ?? []), ...counties().at(point)];

  const endAt = (word: string): { readonly point: Point; readonly zones: readonly string[] } | null => {
    const location = byWord.get(word.trim().toUpperCase());
    const point = location ?? pointOfWord(word, postal);
    return point === null ? null : { point, zones: zonesAt(location, point) };
  };

  const way = (from: string, to: string, mode: ShipmentPlan['mode']): Way => {
    const [start, end] = [endAt(from), endAt(to)];
    const passed = new Map<string, number>();
    if (start !== null && end !== null && overLand.has(mode)) {
      for (const zone of counties().meeting(straightWay(start.point, end.point))) {
        const middle = counties().middleOf(zone);
        if (middle !== undefined) passed.set(zone, shareOfWay(start.point, end.point, middle));
      }
    }
    for (const zone of start?.zones ?? []) passed.set(zone, 0);
    for (const zone of end?.zones ?? []) passed.set(zone, 1);
    const zones = [...passed.keys()].toSorted();
    // Within one zone, nothing lies before anything.
    const isApart = start === null || end === null || !start.zones.some((zone) => end.zones.includes(zone));
    return { zones, zonesAt: isApart ? zones.map((zone) => passed.get(zone) ?? 0) : null };
  };

  return {
    wayBetween: (from, to, mode) => {
      const key = JSON.stringify([from, to, overLand.has(mode)]);
      let found = ways.get(key);
      if (found === undefined) {
        found = way(from, to, mode);
        if (ways.size >= MOST_WAYS) ways.clear();
        ways.set(key, found);
      }
      return found;
    },
    zonesIn: (area) => {
      const zones = new Set<string>();
      for (const shape of polygonsOf(area)) {
        for (const zone of counties().meeting(shape)) zones.add(zone);
        for (const location of locations) if (meets(location, shape)) zones.add(ownZone(location));
      }
      return [...zones].toSorted();
    },
    timeZoneOf: (place) => {
      const own = ownPlace(place, byWord, byPostal);
      if (own?.timeZone !== undefined) return own.timeZone;
      const point = own ?? pointOfPlace(place, postal);
      return point === null ? null : timeZoneAt(point.latitude, point.longitude);
    },
    portAt: ({ latitude, longitude }) => {
      const point: Geometry = { type: 'Point', coordinates: [longitude, latitude] };
      const found = outlines.find(
        ({ location, shape }) => location.unlocode !== undefined && booleanPointInPolygon(point, shape),
      );
      return found?.location.unlocode ?? null;
    },
  };
};

/** The word under which the customer's own place is a zone of its own. */
const ownZone = ({ id }: Location): string => `PLACE:${id}`;

const meets = ({ latitude, longitude, area }: Location, shape: Polygon): boolean => {
  const own: Geometry =
    area === undefined
      ? { type: 'Point', coordinates: [longitude, latitude] }
      : polygonOf(area.map(([north, east]) => ({ latitude: north, longitude: east })));
  return booleanIntersects(own, shape);
};

const postalKey = (code: string, country: string): string =>
  `${country.trim().toUpperCase().slice(0, 2)}|${code.trim().toUpperCase()}`;

const ownPlace = (
  { locationId, unlocode, postalCode, country }: Place,
  byWord: ReadonlyMap<string, Location>,
  byPostal: ReadonlyMap<string, Location>,
): Location | undefined => {
  for (const word of [locationId, unlocode]) {
    const found = word === null ? undefined : byWord.get(word.trim().toUpperCase());
    if (found !== undefined) return found;
  }
  return postalCode === null ? undefined : byPostal.get(postalKey(postalCode, country ?? ''));
};

/** A place without a country is read as one of the USA or Canada where its state is one of theirs. */
const pointOfPlace = (place: Place, postal: () => PostalPlaces): Point | null => {
  const { latitude, longitude, postalCode, city, region } = place;
  if (latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)
    return { latitude, longitude };
  const country = place.country ?? (region === null ? '' : 'US');
  if (!isUsa(country) && !isCanada(country)) return null;
  const byCode = postalCode === null ? null : postal().byCode(postalCode, country);
  if (byCode !== null || city === null || region === null || !isUsa(country)) return byCode;
  return postal().byCity(city, region);
};

const once = <T>(load: () => T): (() => T) => {
  let loaded: { readonly value: T } | undefined;
  return () => (loaded ??= { value: load() }).value;
};
