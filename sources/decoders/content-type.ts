import type { FormatName } from '../../runtime/format-names.ts';
import type { ParsedJson } from './bare-json.ts';
import { type Format, Sight } from './format.ts';
import { formatNamed, formats } from './formats.ts';

/** Types that are shared by several formats: what is in the document decides, or the setting of its source. */
export const sharedTypes = [
  'application/json',
  'application/geo+json',
  'application/ld+json',
  'application/xml',
  'text/xml',
] as const;

/** Types that say nothing about the content; the last is EDI of any sort, by agreement (RFC 1767). */
export const opaqueTypes = ['text/plain', 'application/octet-stream', 'application/edi-consent'] as const;

export const isOpaque = (type: string): boolean => opaqueTypes.some((opaque) => opaque === type);

/** Types that the ingest takes whatever is in a document; an opaque one where that, or the setting of its source, tells. */
export const documentTypes: readonly string[] = [
  ...new Set([...sharedTypes, ...formats.flatMap(({ mediaTypes }) => mediaTypes)]),
];

const shared: ReadonlySet<string> = new Set([...sharedTypes, ...opaqueTypes]);
const byMediaType: ReadonlyMap<string, Format> = new Map(
  formats.flatMap((format) => format.mediaTypes.map((type) => [type, format] as const)),
);
const byExtension: ReadonlyMap<string, Format> = new Map(
  formats.flatMap((format) => format.extensions.map((extension) => [extension, format] as const)),
);

/** Formats whose labels only say how lines are written: what is in them, the setting of their source may say. */
const loose: ReadonlySet<FormatName> = new Set(['csv', 'canonical-lines']);

/** `Application/EDI-X12; charset=us-ascii` → `application/edi-x12`. */
export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';', 1)[0]!.trim().toLowerCase();

/**
 * Format of a document: by a label that means one alone, else as its source is set, else by what is in it; null for a
 * label that is not taken, and where nothing tells. A broken `application/json` is canonical JSON, which says why.
 */
export const formatOf = (header: string, bytes: Uint8Array, set?: FormatName): Format | null =>
  recognised(header, bytes, set).format;

/** The same, with what was parsed of it as JSON to know it. */
export const recognised = (
  header: string,
  bytes: Uint8Array,
  set?: FormatName,
): { readonly format: Format | null; readonly parsed?: ParsedJson | undefined } => {
  const label = mediaType(header);
  const named = byMediaType.get(label);
  if (named !== undefined && (set === undefined || !loose.has(named.name))) return { format: named };
  if (named === undefined && !shared.has(label)) return { format: null };
  if (set !== undefined) return { format: formatNamed(set) ?? null };
  const sight = new Sight(bytes);
  const found = formats.find((format) => format.recognises(sight)) ?? null;
  // What is labelled JSON is one document: lines have a label of their own.
  const isJson = label.endsWith('json');
  const isCanonical = isJson && (found === null || found.name === 'canonical-lines');
  return { format: isCanonical ? (formatNamed('canonical') ?? null) : found, parsed: sight.parsed };
};

const labels: Readonly<Record<string, string>> = {
  json: 'application/json',
  geojson: 'application/geo+json',
  jsonld: 'application/ld+json',
  xml: 'application/xml',
};

/** Label of a dropped file: by its extension, and for `.txt`, `.edi` and unknown ones by what is in it; null: not known. */
export const contentTypeOfFile = (name: string, bytes: Uint8Array): string | null => {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const known = byExtension.get(extension)?.mediaTypes[0] ?? labels[extension];
  if (known !== undefined) return known;
  const found = formatOf('application/octet-stream', bytes);
  if (found === null) return null;
  return found.mediaTypes[0] ?? labelOfContent(new Sight(bytes));
};

const labelOfContent = ({ head }: Sight): string => {
  if (head.startsWith('{') || head.startsWith('[')) return 'application/json';
  return head.startsWith('<') ? 'application/xml' : 'text/plain';
};
