import type { Format } from '../format.ts';
import { decodeAis } from './decode-ais.ts';

/** AIS as NMEA 0183 sentences, one a line, each with a tag block before it or not. */
export const ais: Format = {
  name: 'ais',
  mediaTypes: ['application/x-nmea'],
  extensions: ['nmea', 'ais'],
  recognises: ({ head }) => /^(?:\\[^\\\r\n]*\\)?!(?:AI|AB|BS|SA)VD[MO],/.test(head),
  decode: decodeAis,
};
