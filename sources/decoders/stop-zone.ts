import type { Place } from '../../domain/event.ts';
import type { DecoderSettings } from './decoder.ts';
import { zoneOfRegion } from './region-zones.ts';

/** IANA zone of the clocks at a stop: by the location master, which knows where a state is split, else by its state. */
export const zoneOfStop = (stop: Place, { places }: DecoderSettings): string | null =>
  places?.timeZoneOf(stop) ?? zoneOfRegion(stop.region, stop.country);
