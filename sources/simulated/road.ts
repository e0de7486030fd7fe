import { places, type Place } from './geography.ts';

/** A place on the way and how far along it lies: 0 at the start, 1 at the end. */
export interface Waypoint {
  readonly place: Place;
  readonly fraction: number;
}

export interface Road {
  readonly distanceKm: number;
  readonly waypoints: readonly Waypoint[];
  /** Counties passed, each once, in order. */
  readonly zones: readonly string[];
  /** How far along each of these counties lies: 0 at the start, 1 at the end. */
  readonly zonesAt: readonly number[];
}

const kmPerDegree = 111.2;
const corridorKm = 130;

/** Flat-earth kilometres around the middle latitude; good to some percent within the United States. */
export const offsetKm = (
  from: Place,
  to: Pick<Place, 'latitude' | 'longitude'>,
): readonly [number, number] => [
  (to.longitude - from.longitude) *
    kmPerDegree *
    Math.cos((((from.latitude + to.latitude) / 2) * Math.PI) / 180),
  (to.latitude - from.latitude) * kmPerDegree,
];

const roads = new Map<string, Road>();

/** The road between two places: a quarter longer than the straight line, past every county near that line. */
export const roadBetween = (from: Place, to: Place): Road => {
  const key = `${from.key}-${to.key}`;
  const known = roads.get(key);
  if (known !== undefined) return known;
  const [x, y] = offsetKm(from, to);
  const straightKm = Math.max(1, Math.hypot(x, y));
  const waypoints: Waypoint[] = [];
  for (const place of places) {
    if (place.counties.length === 0 || place.kind === 'port') continue;
    const [px, py] = offsetKm(from, place);
    const fraction = (px * x + py * y) / (straightKm * straightKm);
    const sideKm = Math.abs(px * y - py * x) / straightKm;
    const isEnd = place.key === from.key || place.key === to.key;
    if (isEnd || (fraction > 0.05 && fraction < 0.95 && sideKm < corridorKm)) {
      waypoints.push({ place, fraction: place.key === from.key ? 0 : place.key === to.key ? 1 : fraction });
    }
  }
  for (const end of [from, to]) {
    if (end.kind === 'port') waypoints.push({ place: end, fraction: end === from ? 0 : 1 });
  }
  waypoints.sort((a, b) => a.fraction - b.fraction || (a.place.key < b.place.key ? -1 : 1));
  const passed = new Map<string, number>();
  for (const { place, fraction } of waypoints)
    for (const [ugc] of place.counties) if (!passed.has(ugc)) passed.set(ugc, fraction);
  const [zones, zonesAt] = [[...passed.keys()], [...passed.values()]];
  const road = { distanceKm: straightKm * 1.25, waypoints, zones, zonesAt };
  roads.set(key, road);
  return road;
};
