import type { Format } from '../format.ts';
import { decodeMetar } from './decode-metar.ts';
import { looksLikeMetar } from './reports.ts';

/** Aerodrome reports as text: one or many METAR and SPECI, with or without the lines of a bulletin around them. */
export const metar: Format = {
  name: 'metar',
  mediaTypes: [],
  extensions: ['metar'],
  recognises: ({ head }) => looksLikeMetar(head),
  decode: decodeMetar,
};
