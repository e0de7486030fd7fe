import { type Places, withZones } from '../../domain/places.ts';
import type { VesselPosition } from '../../domain/vessel-position.ts';
import type { Decoded } from './decoder.ts';

/** What the location master adds, whatever format it came in: zones of legs that name none, and the port that a vessel is in. */
export const withPlaces = (decoded: readonly Decoded[], places: Places | undefined): readonly Decoded[] =>
  places === undefined
    ? decoded
    : decoded.map((one) => {
        if (one.type === 'plan') return { ...one, value: withZones(one.value, places) };
        if (one.type === 'vessel') return { ...one, value: withPort(one.value, places) };
        return one;
      });

const withPort = (vessel: VesselPosition, places: Places): VesselPosition => {
  const { latitude, longitude, port } = vessel;
  if (port !== null || latitude === null || longitude === null) return vessel;
  return { ...vessel, port: places.portAt({ latitude, longitude }) };
};
