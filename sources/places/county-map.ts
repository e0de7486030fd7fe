import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { booleanIntersects } from '@turf/boolean-intersects';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import Flatbush from 'flatbush';
import type { Feature, Geometry, MultiPolygon, Polygon } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Point } from '../../domain/places.ts';
import { countyZone } from '../../domain/us-states.ts';
import { boxOf } from './box.ts';
import { polygonOf, roundOf } from './shapes.ts';

/** How far before the drawn shore a pier may lie. */
const SHORE_KM = 4;

interface County {
  readonly zone: string;
  readonly shape: Feature<Polygon | MultiPolygon>;
}

/** Counties of the USA as UGC codes, by point and by shape; all answers are sorted. */
export interface CountyMap {
  readonly at: (point: Point) => readonly string[];
  readonly meeting: (shape: Geometry) => readonly string[];
  /** The middle of a county's box; of a zone that is none, undefined. */
  readonly middleOf: (zone: string) => Point | undefined;
}

/**
 * Counties of the Census Bureau's cartographic boundaries at 1:10,000,000 (package us-atlas), found through a static
 * index of their boxes (flatbush). Lines are true to about a kilometre, so a place at a border may get its neighbour; one just
 * off the shore has the counties within 4 km.
 */
export const loadCountyMap = (): CountyMap => {
  const file = createRequire(import.meta.url).resolve('us-atlas/counties-10m.json');
  const topology = JSON.parse(readFileSync(file, 'utf8')) as Topology<{ counties: GeometryCollection }>;
  const counties: County[] = [];
  for (const shape of feature(topology, topology.objects.counties).features) {
    const zone = countyZone(String(shape.id).padStart(5, '0'));
    const { geometry } = shape;
    if (zone === null || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) continue;
    counties.push({ zone, shape: { type: 'Feature', properties: null, geometry } });
  }
  const index = new Flatbush(counties.length);
  const middles = new Map<string, Point>();
  for (const { zone, shape } of counties) {
    const [west, south, east, north] = boxOf(shape.geometry);
    index.add(west, south, east, north);
    middles.set(zone, { latitude: (south + north) / 2, longitude: (west + east) / 2 });
  }
  index.finish();

  const found = (shape: Geometry, holds: (county: County) => boolean): readonly string[] =>
    index
      .search(...boxOf(shape))
      .flatMap((position) => {
        const county = counties[position]!;
        return holds(county) ? [county.zone] : [];
      })
      .toSorted();
  const meeting = (shape: Geometry): readonly string[] =>
    found(shape, (county) => booleanIntersects(shape, county.shape));
  return {
    at: ({ latitude, longitude }) => {
      const point: Geometry = { type: 'Point', coordinates: [longitude, latitude] };
      const inside = found(point, ({ shape }) => booleanPointInPolygon(point, shape));
      if (inside.length > 0) return inside.slice(0, 1);
      return meeting(polygonOf(roundOf({ latitude, longitude }, SHORE_KM)));
    },
    meeting,
    middleOf: (zone) => middles.get(zone),
  };
};
