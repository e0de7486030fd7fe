import { type Places, withZones } from '../../domain/places.ts';
import type { Decoded } from './decoder.ts';

/** Plans whose legs name no zones get those of the location master, whatever format they came in. */
export const withPlaces = (decoded: readonly Decoded[], places: Places | undefined): readonly Decoded[] =>
  places === undefined
    ? decoded
    : decoded.map((one) => (one.type === 'plan' ? { ...one, value: withZones(one.value, places) } : one));
