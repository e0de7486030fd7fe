import { bareJson, parseJson } from './bare-json.ts';

/** What the ingest takes; the last two say nothing, and the content decides. */
export const contentTypes = [
  'application/edi-x12',
  'application/json',
  'application/x-ndjson',
  'application/geo+json',
  'application/octet-stream',
  'text/plain',
] as const;
export type ContentType = (typeof contentTypes)[number];
/** A type that names a decoder. */
export type DecodableType = Exclude<ContentType, 'application/octet-stream' | 'text/plain'>;

/** `Application/EDI-X12; charset=us-ascii` → `application/edi-x12`; null for a type that is not taken. */
export const readContentType = (header: string): ContentType | null => {
  const bare = (header.split(';', 1)[0] ?? '').trim().toLowerCase();
  return contentTypes.find((known) => known === bare) ?? null;
};

/** Type of a document by its label and, where that is not enough, its content; null when neither tells. */
export const decodableTypeOf = (header: string, bytes: Uint8Array): DecodableType | null => {
  const named = readContentType(header);
  if (named === 'application/octet-stream' || named === 'text/plain') return sniff(bytes);
  // Alerts are often posted as plain JSON; no canonical record has a type that GeoJSON uses.
  if (named === 'application/json' && looksLikeGeoJson(bytes)) return 'application/geo+json';
  return named;
};

const byExtension: Readonly<Record<string, DecodableType>> = {
  edi: 'application/edi-x12',
  x12: 'application/edi-x12',
  '214': 'application/edi-x12',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  geojson: 'application/geo+json',
};

/** Type of a dropped file: its extension, and for `.txt`, `.json` and unknown ones what is in it. */
export const contentTypeOfFile = (name: string, bytes: Uint8Array): DecodableType | null => {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const named = byExtension[extension];
  if (named === undefined) return sniff(bytes);
  return named === 'application/json' ? decodableTypeOf(named, bytes) : named;
};

/** `ISA` (or a bare `GS`, `ST`) → X12; `{` or `[` → JSON: alerts, one document, or a record a line. */
const sniff = (bytes: Uint8Array): DecodableType | null => {
  const start = bareJson(bytes);
  const head = Buffer.from(start.subarray(0, 4_096)).toString('latin1').trimStart();
  if (/^(?:ISA|GS|ST)[^A-Za-z0-9\s]/.test(head)) return 'application/edi-x12';
  if (!head.startsWith('{') && !head.startsWith('[')) return null;
  if (looksLikeGeoJson(bytes)) return 'application/geo+json';
  return head.startsWith('[') || !('broken' in parseJson(start))
    ? 'application/json'
    : 'application/x-ndjson';
};

/** Whether the outermost object says it is GeoJSON; what is nested deeper may say so of itself. */
const looksLikeGeoJson = (bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.includes('"Feature')) return false;
  const parsed = parseJson(bareJson(bytes));
  if ('broken' in parsed || typeof parsed.value !== 'object' || parsed.value === null) return false;
  if (!('type' in parsed.value)) return false;
  return parsed.value.type === 'FeatureCollection' || parsed.value.type === 'Feature';
};
