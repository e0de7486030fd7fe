import { bareJson, jsonOf } from '../bare-json.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { RawDocument } from '../decoder.ts';
import { arraySlices } from '../json-slices.ts';

export interface RawFeature {
  readonly value: unknown;
  /** Those of the feature alone; found only when they are asked for. */
  readonly bytes: () => Uint8Array;
}

/** Visits the features of a FeatureCollection, or the one Feature; a collection of none is a heartbeat. */
export const eachFeature = (
  records: DecodedRecords,
  document: RawDocument,
  what: string,
  visit: (feature: RawFeature) => void,
): void => {
  const json = bareJson(document.bytes);
  const parsed = jsonOf(document);
  if ('broken' in parsed) {
    records.fail('decode', 'FW401', parsed.broken, document.bytes);
    return;
  }
  const features = featuresOf(parsed.value);
  if (features === null) {
    const reason = `neither a Feature nor a FeatureCollection of ${what}`;
    records.fail('decode', 'FW401', reason, document.bytes);
    return;
  }
  let slices: Uint8Array[] | null = null;
  features.forEach((value, index) => {
    const bytes = (): Uint8Array => {
      if (value === parsed.value) return document.bytes;
      slices ??= arraySlices(json, 'features');
      return slices[index] ?? document.bytes;
    };
    visit({ value, bytes });
  });
  if (features.length === 0) records.nothing('heartbeat');
};

const featuresOf = (value: unknown): readonly unknown[] | null => {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  if (value.type === 'Feature') return [value];
  return value.type === 'FeatureCollection' && 'features' in value && Array.isArray(value.features)
    ? value.features
    : null;
};
