import type { Area, Places, Point } from '../../../domain/places.ts';
import { zonesOfSame } from '../nws/same-zone.ts';
import type { CapInfo } from './cap-alert.ts';

/**
 * Zones of a part of an alert. UGC, SAME and FIPS6 codes are what the NWS uses; codes of other lists are zones under the
 * name of their list, such as `EMMA_ID:DE123`, by which the customer's own file may name them. Shapes count where no code
 * is given, and tell which of the customer's own places are met in any case.
 */
export const zonesOfInfo = ({ area: areas }: CapInfo, places: Places | undefined): readonly string[] => {
  const zones = new Set<string>();
  for (const { valueName, value } of areas.flatMap(({ geocode }) => geocode)) {
    if (valueName === null || value === null) continue;
    for (const code of value.split(/\s+/)) for (const zone of zonesOfCode(valueName, code)) zones.add(zone);
  }
  const hasCodes = zones.size > 0;
  const met = places === undefined ? [] : places.zonesIn(shapesOf(areas));
  for (const zone of met) if (!hasCodes || zone.startsWith('PLACE:')) zones.add(zone);
  return [...zones];
};

const zonesOfCode = (list: string, code: string): readonly string[] => {
  switch (list.toUpperCase()) {
    case 'UGC':
      return [code];
    case 'SAME':
    case 'FIPS6':
      return zonesOfSame(code);
    default:
      return [`${list}:${code}`.slice(0, 200)];
  }
};

const shapesOf = (areas: CapInfo['area']): Area => ({
  polygons: areas.flatMap(({ polygon }) => polygon.flatMap((text) => ringOf(text) ?? [])),
  circles: areas.flatMap(({ circle }) => circle.flatMap((text) => circleOf(text) ?? [])),
});

/** `38.47,-120.14 38.34,-119.95 …`, latitude first, at least four pairs of which the last is the first; null for any other text. */
const ringOf = (text: string): [readonly Point[]] | null => {
  const points = text.trim().split(/\s+/).map(pointOf);
  const ring = points.filter((point) => point !== null);
  return ring.length < 4 || ring.length < points.length ? null : [ring];
};

/** `32.9525,-115.5527 25`: a point and a radius in km. */
const circleOf = (text: string): Area['circles'] | null => {
  const [pair = '', radius = ''] = text.trim().split(/\s+/);
  const point = pointOf(pair);
  const radiusKm = Number(radius);
  return point === null || radius === '' || !(radiusKm >= 0 && radiusKm <= 20_000)
    ? null
    : [{ ...point, radiusKm }];
};

const pointOf = (pair: string): Point | null => {
  const [, north, east] = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(pair) ?? [];
  const [latitude, longitude] = [Number(north), Number(east)];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
};
