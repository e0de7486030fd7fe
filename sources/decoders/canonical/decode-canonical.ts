import { bareJson, jsonOf, parseJson } from '../bare-json.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded } from '../decoder.ts';
import { arraySlices } from '../json-slices.ts';
import { decodeRecord } from './canonical-record.ts';

/** Canonical JSON: one record, or an array of them. */
export const decodeCanonicalJson: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'canonical/1');
  const json = bareJson(document.bytes);
  const parsed = jsonOf(document);
  if ('broken' in parsed) {
    records.fail('decode', 'FW401', parsed.broken, document.bytes);
  } else if (Array.isArray(parsed.value)) {
    let slices: Uint8Array[] | null = null;
    const values: readonly unknown[] = parsed.value;
    values.forEach((value, index) => {
      decodeRecord(records, value, { document, settings }, () => {
        slices ??= arraySlices(json, null);
        return slices[index] ?? document.bytes;
      });
    });
    if (values.length === 0) records.nothing('heartbeat');
  } else {
    decodeRecord(records, parsed.value, { document, settings }, () => document.bytes);
  }
  return records.list;
};

const LINE_FEED = 10;

/** Canonical records, one a line; blank lines are no records. */
export const decodeCanonicalLines: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'canonical/1');
  const bytes = bareJson(document.bytes);
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (line.every((byte) => byte <= 32)) continue;
    const parsed = parseJson(line);
    if ('broken' in parsed) records.fail('decode', 'FW401', parsed.broken, line);
    else decodeRecord(records, parsed.value, { document, settings }, () => line);
  }
  if (records.list.length === 0) records.nothing('heartbeat');
  return records.list;
};
