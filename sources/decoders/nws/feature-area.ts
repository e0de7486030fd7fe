import { z } from 'zod';
import type { Area } from '../../../domain/places.ts';

const ring = z
  .array(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]).rest(z.number()))
  .min(4);
const polygon = z.array(ring).min(1);
const geometry = z.union([
  z.object({ type: z.literal('Polygon'), coordinates: polygon.transform((one) => [one]) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon) }),
]);

/** Outer rings of a GeoJSON geometry; null for one without any, or one that is broken. */
export const areaOfGeometry = (value: unknown): Area | null => {
  const checked = geometry.safeParse(value);
  if (!checked.success) return null;
  const polygons = checked.data.coordinates.map(([outer]) =>
    (outer ?? []).map(([longitude, latitude]) => ({ latitude, longitude })),
  );
  return { polygons, circles: [] };
};
