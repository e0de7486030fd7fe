import type { Place } from '../../../domain/event.ts';
import { degrees, placeWith } from '../place-with.ts';
import type { DcsaEvent, DcsaLocation } from './dcsa-event.ts';

export const callOf = (event: DcsaEvent): DcsaEvent['transportCall'] =>
  event.transportDetails?.transportCall ?? event.transportCall;

/** Where it happened: the event's own place, else that of the transport call. */
export const placeOfEvent = (event: DcsaEvent): Place | null => {
  const call = callOf(event);
  return (
    placeOf(event.eventLocation) ??
    placeOf(call?.location) ??
    placeWith({ unlocode: unlocode(call?.UNLocationCode ?? null) })
  );
};

const placeOf = (location: DcsaLocation | null | undefined): Place | null => {
  if (!location) return null;
  const { address, geoCoordinate } = location;
  return placeWith({
    city: address?.city ?? null,
    region: address?.stateRegion ?? null,
    country: address?.countryCode ?? address?.country ?? null,
    postalCode: address?.postCode ?? null,
    unlocode: unlocode(location.UNLocationCode),
    latitude: degrees(geoCoordinate?.latitude ?? location.latitude, 90),
    longitude: degrees(geoCoordinate?.longitude ?? location.longitude, 180),
  });
};

const unlocode = (code: string | null): string | null => code?.toUpperCase() ?? null;
