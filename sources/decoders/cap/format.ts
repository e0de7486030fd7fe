import type { Format } from '../format.ts';
import { decodeCap } from './decode-cap.ts';

/** Common Alerting Protocol 1.0 to 1.2 (OASIS): one alert as XML. */
export const cap: Format = {
  name: 'cap',
  mediaTypes: ['application/cap+xml', 'application/common-alerting-protocol+xml'],
  extensions: ['cap'],
  recognises: ({ root, head }) => root === 'alert' && head.includes('cap:1.'),
  decode: decodeCap,
};
