import type { Format } from '../format.ts';
import { objectOf } from '../json-record.ts';
import { decodeDcsa } from './decode-dcsa.ts';

/** DCSA events have an `eventID` and a classification; canonical records have neither, and an envelope of ours has a type. */
const isEvent = (value: unknown): boolean => {
  const object = objectOf(value);
  if (object === null || typeof object['eventID'] !== 'string') return false;
  return (
    objectOf(object['eventClassification']) !== null ||
    typeof object['eventClassifierCode'] === 'string' ||
    typeof object['isRetracted'] === 'boolean'
  );
};

export const dcsa: Format = {
  name: 'dcsa',
  mediaTypes: [],
  extensions: [],
  recognises: ({ object }) => {
    if (object === null) return false;
    if (isEvent(object)) return true;
    const events = object['events'] ?? object['event'];
    return isEvent(Array.isArray(events) ? (events as readonly unknown[])[0] : events);
  },
  decode: decodeDcsa,
};
