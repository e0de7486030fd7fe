import type { Format } from '../format.ts';
import { objectOf } from '../json-record.ts';
import { decodeOneRecord } from './decode-one-record.ts';
import { member, typesOf } from './linked-data.ts';

const isEvent = (value: unknown): boolean => {
  const object = objectOf(Array.isArray(value) ? (value as readonly unknown[])[0] : value);
  return object !== null && typesOf(object).includes('LogisticsEvent');
};

/** JSON-LD whose node, or the first of its collection, is a LogisticsEvent. */
export const oneRecord: Format = {
  name: 'one-record',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) =>
    object !== null && (isEvent(object) || isEvent(member(object, 'hasItem')) || isEvent(object['@graph'])),
  decode: decodeOneRecord,
};
