import type { Place } from '../../domain/event.ts';
import type { WallTime } from '../../domain/local-time.ts';
import { airportZones } from './airport-zones.ts';
import type { DecoderSettings, PartnerSettings } from './decoder.ts';
import { type NamedZone, zoneOfPartner } from './iso-time.ts';
import { zoneOfRegion } from './region-zones.ts';
import { zoneOfCountry } from './zone-of-country.ts';

/**
 * IANA zone of the clocks at a stop: by the location master, which knows where a state is split, else by its state, else by its
 * country where that has one time. `wall` is a time near the one that is asked about.
 */
export const zoneOfStop = (stop: Place, { places }: DecoderSettings, wall: WallTime): string | null =>
  places?.timeZoneOf(stop) ?? zoneOfRegion(stop.region, stop.country) ?? zoneOfCountry(countryOf(stop), wall);

/** A UN/LOCODE begins with its country. */
const countryOf = ({ country, unlocode }: Place): string | null =>
  country?.trim().toUpperCase() ?? unlocode?.slice(0, 2) ?? null;

/** Zone of a local time that says none: the stop's, else the partner's, else the configured default. */
export const zoneAt = (
  stop: Place | null,
  wall: WallTime,
  { partner, settings }: { readonly partner: PartnerSettings; readonly settings: DecoderSettings },
): NamedZone => {
  const zone = stop === null ? null : zoneOfStop(stop, settings, wall);
  return zone === null ? zoneOfPartner(partner, settings) : { zone, zoneSource: 'stop' };
};

/** The same of an airport or city by its IATA code, where the location master does not know it better. */
export const zoneAtAirport = (
  airport: Place | null,
  wall: WallTime,
  context: { readonly partner: PartnerSettings; readonly settings: DecoderSettings },
): NamedZone => {
  const known = zoneAt(airport, wall, context);
  const zone = known.zoneSource === 'stop' ? undefined : airportZones.get(airport?.locationId ?? '');
  return zone === undefined ? known : { zone, zoneSource: 'stop' };
};
