import type { Place } from '../../../domain/event.ts';
import { isZone, type WallTime } from '../../../domain/local-time.ts';
import type { DecoderSettings, PartnerSettings } from '../decoder.ts';
import type { Moment } from '../iso-time.ts';
import { zoneOfStop } from '../stop-zone.ts';
import type { CarrierReply, PlaceAt, TimeAt } from './carrier-reply.ts';
import { readOffset, readTime, utcOfTime } from './read-time.ts';
import { textAt } from './tree.ts';

export interface ZonesOf {
  /** Where it happened, for the zone of the stop. */
  readonly at: PlaceAt | undefined;
  readonly of: unknown;
  readonly reply: CarrierReply;
  readonly partner: PartnerSettings;
  readonly settings: DecoderSettings;
}

/** The first of several times that is there and can be read. */
export const momentAt = (value: unknown, times: readonly TimeAt[], zones: ZonesOf): Moment | null => {
  for (const time of times) {
    const moment = momentOf(value, time, zones);
    if (moment !== null) return moment;
  }
  return null;
};

const momentOf = (value: unknown, time: TimeAt, zones: ZonesOf): Moment | null => {
  const date = textAt(value, time.date);
  if (date === null) return null;
  const read = readTime(date, time.time === undefined ? null : textAt(value, time.time));
  if (read === null) return null;
  const isMidnight = read.local % 86_400_000 === 0 && (read.offsetMs ?? 0) === 0;
  if (time.midnightIsDay === true && isMidnight) {
    return momentIn({ ...read, precision: 'day', offsetMs: null }, value, time, zones);
  }
  return momentIn(read, value, time, zones);
};

/**
 * The zone of a time: the offset that is written with it, else the stop's, else the name that the event gives (carriers
 * write `MST` in July too, so that a known stop knows better), else the partner's, else the default.
 */
const momentIn = (
  read: NonNullable<ReturnType<typeof readTime>>,
  value: unknown,
  time: TimeAt,
  { at, of, reply, partner, settings }: ZonesOf,
): Moment => {
  const { precision } = read;
  const inZone = (zone: string | number, zoneSource: Moment['zoneSource']): Moment => ({
    at: utcOfTime(read, zone),
    precision,
    zoneSource,
  });
  if (read.offsetMs !== null) return inZone(read.offsetMs, 'utc');
  const written = time.offset === undefined ? null : textAt(value, time.offset);
  const offset = written === null ? null : readOffset(written);
  if (offset !== null) return inZone(offset, 'event');
  if (time.isUtc === true && precision === 'instant') return inZone(0, 'utc');
  const ofStop = zoneOfPlace(of, at, reply, settings, read.local);
  if (ofStop !== null) return inZone(ofStop, 'stop');
  const name = time.zone === undefined ? null : textAt(value, time.zone);
  const named =
    name === null ? undefined : (reply.zoneNames?.[name.toUpperCase()] ?? (isZone(name) ? name : undefined));
  if (named !== undefined) return inZone(named, 'event');
  return partner.zone === undefined
    ? inZone(settings.defaultZone, 'default')
    : inZone(partner.zone, 'partner');
};

/** By the carrier's own code of a place, else by what is known of the place. */
const zoneOfPlace = (
  of: unknown,
  at: PlaceAt | undefined,
  { areaZones }: CarrierReply,
  settings: DecoderSettings,
  wall: WallTime,
): string | null => {
  const area = at?.area === undefined ? null : textAt(of, at.area);
  const ofArea = area === null ? undefined : areaZones?.get(area.toUpperCase());
  if (ofArea !== undefined) return ofArea;
  const place = placeAt(of, at);
  return place === null ? null : zoneOfStop(place, settings, wall);
};

/** Null where the reply names no place at all. */
export const placeAt = (value: unknown, at: PlaceAt | undefined): Place | null => {
  if (at === undefined) return null;
  const text = (path: string | undefined): string | null => (path === undefined ? null : textAt(value, path));
  const number = (path: string | undefined, most: number): number | null => {
    const found = Number(text(path) ?? Number.NaN);
    return Number.isFinite(found) && Math.abs(found) <= most ? found : null;
  };
  const latitude = number(at.latitude, 90);
  const longitude = number(at.longitude, 180);
  // 0, 0 is what senders write who do not know.
  const known = latitude !== null && longitude !== null && (latitude !== 0 || longitude !== 0);
  const place: Place = {
    locationId: null,
    city: text(at.city),
    region: text(at.region),
    country: text(at.country),
    postalCode: text(at.postalCode),
    unlocode: null,
    latitude: known ? latitude : null,
    longitude: known ? longitude : null,
  };
  return Object.values(place).every((part) => part === null) ? null : place;
};
