import type { Format } from '../format.ts';
import { decodeEdifact } from './decode-edifact.ts';

/** UN/EDIFACT interchanges; a file may begin with a bare `UNG` or `UNH` too. */
export const edifact: Format = {
  name: 'edifact',
  mediaTypes: ['application/edifact'],
  extensions: ['edifact', 'iftsta'],
  recognises: ({ head }) => /^(?:UNA[^A-Za-z0-9\s]{2}.{4}\s*UN[BGH]|UN[BGH][^A-Za-z0-9\s])/is.test(head),
  decode: decodeEdifact,
};
