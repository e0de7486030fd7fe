import type { Place } from '../../../domain/event.ts';
import { endOfLocalDay, utcOf } from '../../../domain/local-time.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import type { DecoderSettings, PartnerSettings } from '../decoder.ts';
import { zoneOfStop } from '../stop-zone.ts';
import { readEdifactTime, type EdifactTime, type Stamp } from './date-time.ts';

export interface Moment {
  /** UTC milliseconds; of a day, its last one. */
  readonly at: number;
  readonly precision: 'instant' | 'day';
  readonly zoneSource: TrackingEvent['zoneSource'];
}

/** Zone of a local time: the value's own, else the stop's, else the partner's, else the default. Null when it is no time. */
export const momentOf = (
  stamp: Stamp,
  stop: Place | null,
  partner: PartnerSettings,
  settings: DecoderSettings,
): Moment | null => {
  const read = readEdifactTime(stamp);
  if (read === null) return null;
  const { wall, precision, offsetH } = read;
  if (offsetH !== null) return { at: wall - offsetH * 3_600_000, precision, zoneSource: 'event' };
  const ofStop = stop === null ? null : zoneOfStop(stop, settings, wall);
  if (ofStop !== null) return momentIn(read, ofStop, 'stop');
  if (partner.zone !== undefined) return momentIn(read, partner.zone, 'partner');
  return momentIn(read, settings.defaultZone, 'default');
};

const momentIn = (
  { wall, precision }: EdifactTime,
  zone: string,
  zoneSource: Moment['zoneSource'],
): Moment => ({
  at: precision === 'day' ? endOfLocalDay(wall, zone) : utcOf(wall, zone),
  precision,
  zoneSource,
});
