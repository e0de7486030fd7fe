import type { Format } from '../format.ts';
import { decodeCargoImp } from './decode-cargo-imp.ts';

/** A status message or an acknowledgement of Cargo-IMP, with or without the address lines of a telex before it. */
export const cargoImp: Format = {
  name: 'cargo-imp',
  mediaTypes: ['application/vnd.iata.cargo-imp'],
  extensions: ['fsu', 'fsa'],
  recognises: ({ head }) => /^(?:.{0,80}\r?\n){0,8}(?:FSU|FSA|FMA|FNA)\/\d{1,2}\s*(?:\r|\n)/.test(head),
  decode: decodeCargoImp,
};
