import type { Format } from '../format.ts';
import { decodeNws } from './decode-nws.ts';

/** Alerts of `api.weather.gov`: GeoJSON. What is nested deeper may say of itself that it is a feature. */
export const nws: Format = {
  name: 'nws',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) =>
    object !== null && (object['type'] === 'FeatureCollection' || object['type'] === 'Feature'),
  decode: decodeNws,
};
