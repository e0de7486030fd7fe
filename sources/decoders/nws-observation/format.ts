import type { Format } from '../format.ts';
import { decodeNwsObservation } from './decode-nws-observation.ts';

/** Observations of `api.weather.gov/stations/…/observations`: GeoJSON, whose features name their station. */
export const nwsObservation: Format = {
  name: 'nws-observation',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) => {
    if (object === null) return false;
    const { type, features } = object;
    const first = type === 'Feature' ? object : Array.isArray(features) ? (features as unknown[])[0] : null;
    return isObservation(first);
  },
  decode: decodeNwsObservation,
};

const isObservation = (feature: unknown): boolean => {
  if (typeof feature !== 'object' || feature === null || !('properties' in feature)) return false;
  const { properties } = feature;
  return (
    typeof properties === 'object' &&
    properties !== null &&
    'station' in properties &&
    'timestamp' in properties
  );
};
