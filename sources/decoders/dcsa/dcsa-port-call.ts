import type { PortCall } from '../../../domain/port-call.ts';
import type { DcsaClass, DcsaEvent } from './dcsa-event.ts';
import { callOf } from './dcsa-place.ts';

type Step = Pick<PortCall, 'port' | 'vessel' | 'place' | 'change'>;

const places: Readonly<Record<string, PortCall['place']>> = { ANCH: 'anchorage', BRTH: 'berth' };
const changes: Readonly<Record<string, PortCall['change']>> = { ARRI: 'begun', DEPA: 'ended' };

/**
 * The step of a port call that an operations event tells: a vessel that came to anchor or berth, or left it. Null for what is
 * only planned, for services (pilot, tugs, cargo, bunkers), and where port or vessel is not named.
 */
export const stepOfCall = (event: DcsaEvent, { kind, toCome, code }: DcsaClass): Step | null => {
  if (kind !== 'operations' || toCome || event.portCallServiceTypeCode !== null) return null;
  const call = callOf(event);
  const facility =
    event.facilityTypeCode ?? event.eventLocation?.facilityTypeCode ?? call?.facilityTypeCode ?? '';
  const place = places[facility];
  const change = changes[code];
  const port =
    event.eventLocation?.UNLocationCode ?? call?.UNLocationCode ?? call?.location?.UNLocationCode ?? '';
  const imo = String(call?.vessel?.vesselIMONumber ?? call?.vesselTransport?.vesselIMONumber ?? '').trim();
  if (place === undefined || change === undefined || port.length !== 5 || !/^\d{7}$/.test(imo)) return null;
  return { port: port.toUpperCase(), vessel: `imo:${imo}`, place, change };
};
