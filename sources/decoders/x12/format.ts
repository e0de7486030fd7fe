import type { Format } from '../format.ts';
import { decodeX12 } from './decode-x12.ts';

/** ANSI ASC X12 interchanges; a file may begin with a bare `GS` or `ST` too. */
export const x12: Format = {
  name: 'x12',
  mediaTypes: ['application/edi-x12'],
  extensions: ['x12', '214'],
  recognises: ({ head }) => /^(?:ISA|GS|ST)[^A-Za-z0-9\s]/.test(head),
  decode: decodeX12,
};
