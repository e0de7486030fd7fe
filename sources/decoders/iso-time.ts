import type { TrackingEvent } from '../../domain/tracking-event.ts';
import { endOfLocalDay, utcOf } from '../../domain/local-time.ts';
import type { DecoderSettings, PartnerSettings } from './decoder.ts';

/** When something happened, and how that was found. */
export interface Moment {
  /** UTC milliseconds; of a day, its last one. */
  readonly at: number;
  readonly precision: TrackingEvent['precision'];
  readonly zoneSource: TrackingEvent['zoneSource'];
}

export interface Zone {
  /** IANA name, or an offset from UTC in milliseconds. */
  readonly zone: string | number;
  readonly zoneSource: TrackingEvent['zoneSource'];
}

export interface NamedZone extends Zone {
  readonly zone: string;
}

/** Zone of local times that say none: the partner's, else the configured default. */
export const zoneOfPartner = (partner: PartnerSettings, settings: DecoderSettings): NamedZone =>
  partner.zone === undefined
    ? { zone: settings.defaultZone, zoneSource: 'default' }
    : { zone: partner.zone, zoneSource: 'partner' };

const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/i;

/**
 * ISO 8601 as senders write it: with an offset it is exact, without one it is a time of `zone`, and a date alone is the
 * whole local day. `2025-06-02T12:00:00+02:00` → 10:00Z · `2025-06-02T12:00` in Chicago → 17:00Z · `2025-06-02` in Chicago →
 * 2025-06-03T04:59:59.999Z. Null for what is no date.
 */
export const readIsoTime = (text: string, { zone, zoneSource }: Zone): Moment | null => {
  const match = written.exec(text.trim());
  if (match === null) return null;
  const part = (i: number): number => Number(match[i] ?? 0);
  const midnight = Date.UTC(part(1), part(2) - 1, part(3));
  const isDate = new Date(midnight).getUTCMonth() === part(2) - 1 && part(3) > 0;
  if (!isDate || part(4) > 24 || part(5) > 59 || part(6) > 60) return null;
  if (match[4] === undefined) {
    const end = typeof zone === 'number' ? midnight + DAY_MS - 1 - zone : endOfLocalDay(midnight, zone);
    return { at: end, precision: 'day', zoneSource };
  }
  const fractionMs = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1_000);
  const wall = midnight + part(4) * 3_600_000 + part(5) * 60_000 + part(6) * 1_000 + fractionMs;
  if (match[8] !== undefined)
    return { at: wall - offsetOf(match[8]), precision: 'instant', zoneSource: 'utc' };
  const at = typeof zone === 'number' ? wall - zone : utcOf(wall, zone);
  return { at, precision: 'instant', zoneSource };
};

const DAY_MS = 86_400_000;

/** `+05:30` → 19,800,000; `Z` → 0. */
export const offsetOf = (text: string): number => {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3_600_000 + Number(match[3] ?? 0) * 60_000);
};
