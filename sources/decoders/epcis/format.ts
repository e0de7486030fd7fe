import type { Format } from '../format.ts';
import { decodeEpcis } from './decode-epcis.ts';
import { epcisTypes } from './epcis-event.ts';

const known: ReadonlySet<unknown> = new Set(['EPCISDocument', 'EPCISQueryDocument', ...epcisTypes]);

/** EPCIS says its type in a word that nobody else has. */
export const epcis: Format = {
  name: 'epcis',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) => object !== null && known.has(object['type']),
  decode: decodeEpcis,
};
