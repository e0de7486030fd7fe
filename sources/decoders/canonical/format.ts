import type { Format } from '../format.ts';
import { decodeCanonicalJson, decodeCanonicalLines } from './decode-canonical.ts';

/** One record, or an array of them. Broken JSON in one array is its too: it says why. */
export const canonicalJson: Format = {
  name: 'canonical',
  mediaTypes: [],
  extensions: [],
  recognises: ({ head, json }) => json !== undefined || head.startsWith('['),
  decode: decodeCanonicalJson,
};

/** A record a line: what begins as JSON and is not one value. */
export const canonicalLines: Format = {
  name: 'canonical-lines',
  mediaTypes: ['application/x-ndjson'],
  extensions: ['ndjson', 'jsonl'],
  recognises: ({ head }) => head.startsWith('{'),
  decode: decodeCanonicalLines,
};
