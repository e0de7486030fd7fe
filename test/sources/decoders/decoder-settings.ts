import { fileURLToPath } from 'node:url';
import type { DecoderSettings, RawDocument } from '../../../sources/decoders/decoder.ts';
import { inputsBySource, loadInputFiles } from '../../../runtime/rules/load-input-mappings.ts';
import { loadMappings } from '../../../sources/decoders/load-mappings.ts';

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
export const inputs = inputsBySource(loadInputFiles(`${repository}rules`));
export const mappings = loadMappings(`${repository}rules/mappings`);

export const HEARD_AT = Date.parse('2025-06-02T12:00:00Z');
export const TEN_MINUTES_MS = 600_000;

export const settingsWith = (changes: Partial<DecoderSettings> = {}): DecoderSettings => ({
  mappings,
  inputs,
  partners: {},
  defaultZone: 'America/New_York',
  maxFutureMs: TEN_MINUTES_MS,
  ...changes,
});

export const documentOf = (
  content: string | Uint8Array,
  changes: Partial<RawDocument> = {},
): RawDocument => ({
  source: 'acme',
  documentId: 'document-1',
  contentType: 'application/edi-x12',
  heardAt: HEARD_AT,
  bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  ...changes,
});

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
