import { bareJson, jsonOf } from './bare-json.ts';
import { DecodedRecords } from './decoded-records.ts';
import type { RawDocument } from './decoder.ts';
import { arraySlices, memberSlice } from './json-slices.ts';

/** One record of a JSON document, with its own bytes. */
export interface JsonRecord {
  readonly value: unknown;
  /** Found only when they are asked for. */
  readonly bytes: () => Uint8Array;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const objectOf = (value: unknown): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;

/** The elements of an array or of a document that is one, else the value alone; each with its own bytes. */
export const elementsOf = (value: unknown, slice: () => Uint8Array): readonly JsonRecord[] => {
  if (!Array.isArray(value)) return [{ value, bytes: slice }];
  let slices: readonly Uint8Array[] | null = null;
  return (value as readonly unknown[]).map((element, index) => ({
    value: element,
    bytes: () => {
      slices ??= arraySlices(slice(), null);
      return slices[index] ?? slice();
    },
  }));
};

/** The member of an object, with its own bytes. */
export const memberOf = ({ value, bytes }: JsonRecord, key: string): JsonRecord | null => {
  const object = objectOf(value);
  if (object === null || object[key] === undefined) return null;
  return { value: object[key], bytes: () => memberSlice(bytes(), key) ?? bytes() };
};

/**
 * Decodes a JSON document record by record: `unfold` says which they are. A document that is no JSON is one failure, one
 * without records is a heartbeat.
 */
export const decodeJson = (
  document: RawDocument,
  decoder: string,
  unfold: (whole: JsonRecord) => readonly JsonRecord[],
  decodeOne: (record: JsonRecord, records: DecodedRecords) => void,
): DecodedRecords => {
  const records = new DecodedRecords(document, decoder);
  const json = bareJson(document.bytes);
  const parsed = jsonOf(document);
  if ('broken' in parsed) {
    records.fail('decode', 'FW401', parsed.broken, document.bytes);
    return records;
  }
  for (const record of unfold({ value: parsed.value, bytes: () => json })) decodeOne(record, records);
  if (records.list.length === 0) records.nothing('heartbeat');
  return records;
};
