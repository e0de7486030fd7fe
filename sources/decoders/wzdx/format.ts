import type { Format } from '../format.ts';
import { decodeWzdx } from './decode-wzdx.ts';

/** Work zones by the Work Zone Data Exchange (USDOT), versions 3 to 4.2: GeoJSON with the feed's own head. */
export const wzdx: Format = {
  name: 'wzdx',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) =>
    object !== null &&
    object['type'] === 'FeatureCollection' &&
    ('feed_info' in object || 'road_event_feed_info' in object),
  decode: decodeWzdx,
};
