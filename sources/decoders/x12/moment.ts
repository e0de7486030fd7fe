import type { Place } from '../../../domain/event.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import type { DecoderSettings, PartnerSettings } from '../decoder.ts';
import { zoneOfStop } from '../stop-zone.ts';
import { readX12Time, utcOfX12, zoneOfTimeCode, type X12Time } from './time-codes.ts';

export interface Moment {
  /** UTC milliseconds; of a day, its last one. */
  readonly at: number;
  /** Of a day, its first one. */
  readonly from: number;
  readonly precision: 'instant' | 'day';
  readonly zoneSource: TrackingEvent['zoneSource'];
}

/** Date, time and time code (element 623) as a segment has them; empty where it has none. */
export interface Stamp {
  readonly date: string;
  readonly time: string;
  readonly timeCode: string;
}

/** Zone of a local time: the time code, else the stop's clocks, else the partner's, else the default. Null when it is no time. */
export const momentOf = (
  { date, time, timeCode }: Stamp,
  stop: Place | null,
  partner: PartnerSettings,
  settings: DecoderSettings,
): Moment | null => {
  const read = readX12Time(date, time);
  if (read === null) return null;
  const named = zoneOfTimeCode(timeCode.toUpperCase());
  if (named !== null) return momentIn(read, named, 'event');
  const ofStop = stop === null ? null : zoneOfStop(stop, settings, read.wall);
  if (ofStop !== null) return momentIn(read, ofStop, 'stop');
  if (partner.zone !== undefined) return momentIn(read, partner.zone, 'partner');
  return momentIn(read, settings.defaultZone, 'default');
};

const momentIn = (time: X12Time, zone: string | number, zoneSource: Moment['zoneSource']): Moment => ({
  at: utcOfX12(time, zone),
  from: utcOfX12({ wall: time.wall, precision: 'instant' }, zone),
  precision: time.precision,
  zoneSource,
});
