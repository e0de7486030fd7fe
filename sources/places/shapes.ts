import type { LineString, Polygon } from 'geojson';
import type { Area, Point } from '../../domain/places.ts';

const EARTH_KM = 6_371;
const STEP_KM = 100;
const CORNERS = 32;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const degrees = (angle: number): number => (angle * 180) / Math.PI;

/** The shortest way over the earth from one point to another, bent every 100 km or so. */
export const straightWay = (from: Point, to: Point): LineString => {
  const [a, b] = [unit(from), unit(to)];
  const angle = Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  const steps = Math.max(1, Math.ceil((angle * EARTH_KM) / STEP_KM));
  const coordinates = [[from.longitude, from.latitude]];
  // Points on opposite sides of the earth have no shortest way, and none shorter than a metre bends.
  for (let step = 1; step < steps && Math.sin(angle) > 1e-7; step += 1) {
    const [p, q] = [Math.sin((1 - step / steps) * angle), Math.sin((step / steps) * angle)];
    const [x, y, z] = [a[0] * p + b[0] * q, a[1] * p + b[1] * q, a[2] * p + b[2] * q];
    coordinates.push([degrees(Math.atan2(y, x)), degrees(Math.atan2(z, Math.hypot(x, y)))]);
  }
  coordinates.push([to.longitude, to.latitude]);
  return { type: 'LineString', coordinates };
};

/**
 * How far along the straight way from one point to another a third lies, seen from the side: 0 its start, 1 its end. On the flat
 * map around the middle latitude, which is good to some percent within a continent.
 */
export const shareOfWay = (from: Point, to: Point, point: Point): number => {
  const narrow = Math.cos(radians((from.latitude + to.latitude) / 2));
  const [x, y] = [(to.longitude - from.longitude) * narrow, to.latitude - from.latitude];
  const [px, py] = [(point.longitude - from.longitude) * narrow, point.latitude - from.latitude];
  const length = x * x + y * y;
  return length === 0 ? 0 : Math.min(1, Math.max(0, (px * x + py * y) / length));
};

const unit = ({ latitude, longitude }: Point): [number, number, number] => {
  const [phi, lambda] = [radians(latitude), radians(longitude)];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
};

/** The shapes of an area as polygons; a circle has 32 corners, and one without a radius is a metre wide. */
export const polygonsOf = ({ polygons, circles }: Area): readonly Polygon[] => [
  ...polygons.map(polygonOf),
  ...circles.map((circle) => polygonOf(roundOf(circle, Math.max(circle.radiusKm, 0.001)))),
];

export const polygonOf = (ring: readonly Point[]): Polygon => {
  const coordinates = ring.map(({ latitude, longitude }) => [longitude, latitude]);
  const [first, last] = [coordinates[0], coordinates.at(-1)];
  const isClosed = first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1];
  return {
    type: 'Polygon',
    coordinates: [isClosed || first === undefined ? coordinates : [...coordinates, first]],
  };
};

/** 32 corners around a point. */
export const roundOf = ({ latitude, longitude }: Point, radiusKm: number): readonly Point[] => {
  const north = degrees(radiusKm / EARTH_KM);
  const east = north / Math.max(0.01, Math.cos(radians(latitude)));
  const corners = Array.from({ length: CORNERS }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    return { latitude: latitude + north * Math.sin(angle), longitude: longitude + east * Math.cos(angle) };
  });
  return [...corners, corners[0]!];
};
