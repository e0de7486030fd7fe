import type { Mode } from '../../domain/codes.ts';
import { carriers, type Carrier } from './carriers.ts';
import type { Customer } from './customers.ts';
import { placeNamed, type Place } from './geography.ts';
import { lanes, laneWord, type Lane } from './lanes.ts';
import { atLocalHour, localHourOf, nextLocalHour } from './local-time.ts';
import { usualDwellHoursAt } from './port-congestion.ts';
import { hash32, type Random } from './random.ts';
import { roadBetween } from './road.ts';
import type { PlannedLeg, Shipment } from './shipment.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Kilometres an hour, rests and stops included. */
const speedByService: Readonly<Record<string, number>> = {
  ground: 68,
  express: 82,
  standard: 58,
  guaranteed: 66,
  solo: 52,
  team: 76,
  'short-sea': 27,
};

/** Local hours at which line-hauls leave a hub; other modes leave when they are ready. */
export const departureHours = (mode: Mode): readonly number[] | null =>
  mode === 'parcel' ? [2, 6, 12, 17, 22] : mode === 'ltl' ? [4, 14, 21] : null;

export const handlingMs = (mode: Mode): number =>
  (mode === 'parcel' ? 60 : mode === 'ltl' ? 90 : 45) * minuteMs;

/** What a planner allows between arrival and the next departure, above handling. */
const connectionSlackMs = 75 * minuteMs;

/**
 * When a shipment that reaches its last hub at `arrivedAt` gets to the door. `spread` in [0; 1) is the stop's
 * place on the round. Parcel in by 09:00 local → out the same day, else the next; LTL by 11:00.
 */
export const deliverySlot = (mode: Mode, arrivedAt: number, place: Place, spread: number): number => {
  const hour = localHourOf(arrivedAt, place.timeZone);
  if (mode === 'parcel') {
    return atLocalHour(arrivedAt, place.timeZone, 10.5 + 8 * spread, hour < 9 ? 0 : 1);
  }
  if (mode === 'ltl') {
    return atLocalHour(arrivedAt, place.timeZone, (hour < 11 ? 12.5 : 9) + 4.5 * spread, hour < 11 ? 0 : 1);
  }
  const ready = arrivedAt + (60 + 60 * spread) * minuteMs;
  const readyHour = localHourOf(ready, place.timeZone);
  if (readyHour >= 6 && readyHour < 21) return Math.round(ready);
  return atLocalHour(ready, place.timeZone, 6.5 + 2 * spread, readyHour < 6 ? 0 : 1);
};

const promiseOf = (mode: Mode, deliveryAt: number, place: Place, tight: number): number => {
  if (mode === 'parcel') return atLocalHour(deliveryAt, place.timeZone, 20);
  if (mode === 'ltl') return atLocalHour(deliveryAt, place.timeZone, 18);
  return Math.round(deliveryAt + (mode === 'ocean' ? 9 : 2.5 + 2 * tight) * hourMs);
};

const pickWeighted = <T extends { readonly weight: number }>(random: Random, list: readonly T[]): T => {
  const total = list.reduce((sum, item) => sum + item.weight, 0);
  let left = random.next() * total;
  for (const item of list) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return random.pick(list);
};

const lanesByMode = new Map<Mode, readonly Lane[]>(
  (['parcel', 'ltl', 'truckload', 'ocean'] as const).map((m) => [m, lanes.filter((l) => l.mode === m)]),
);

const carrierFor = (random: Random, mode: Mode): Carrier =>
  random.pick(carriers.filter((c) => c.modes.includes(mode)));

const modeOf = (luck: number): Mode =>
  luck < 0.42 ? 'parcel' : luck < 0.71 ? 'ltl' : luck < 0.93 ? 'truckload' : 'ocean';

/** How far along the round the door lies; part of the shipment, so that plan and truth agree on it. */
export const spreadOf = (number: number): number =>
  ((number * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;

const planLegs = (lane: Lane, pickupAt: number, random: Random, number: number): PlannedLeg[] => {
  const legs: PlannedLeg[] = [];
  let at = pickupAt + 45 * minuteMs;
  let mode: Mode = lane.mode;
  let carrier = carrierFor(random, mode);
  for (let i = 0; i + 1 < lane.stops.length; i += 1) {
    const from = placeNamed(lane.stops[i] ?? '');
    const to = placeNamed(lane.stops[i + 1] ?? '');
    if (from.kind === 'port') {
      mode = 'truckload';
      carrier = carrierFor(random, mode);
      at += usualDwellHoursAt(from.key) * hourMs;
    }
    const ready = at + handlingMs(mode) + (i > 0 ? connectionSlackMs : 0);
    const hours = departureHours(mode);
    const departAt = hours === null ? Math.round(ready) : nextLocalHour(ready, from.timeZone, hours);
    const road = roadBetween(from, to);
    const speed = (mode === lane.mode ? speedByService[lane.service] : undefined) ?? 52;
    const arriveAt = Math.round(departAt + (road.distanceKm / speed) * hourMs * 1.06);
    const pro = `${(hash32(carrier.scac) % 900) + 100}${String(number).padStart(6, '0')}${i}`;
    legs.push({ carrier, mode, from, to, road, departAt, arriveAt, pro });
    at = arriveAt;
  }
  return legs;
};

/** Everything that is settled when an order is tendered: lane, carriers, schedule and promise. */
export const planShipment = (
  number: number,
  createdAt: number,
  customers: readonly Customer[],
  random: Random,
): Shipment => {
  const mode = modeOf(random.next());
  const lane = pickWeighted(random, lanesByMode.get(mode) ?? lanes);
  const customer = pickWeighted(random, customers);
  const pickupAt = Math.round(createdAt + random.between(1.5, 5) * hourMs);
  const legs = planLegs(lane, pickupAt, random, number);
  const last = legs.at(-1);
  if (last === undefined) throw new RangeError(`lane ${lane.stops.join('-')} has no leg`);
  const deliveryAt = deliverySlot(mode, last.arriveAt, last.to, spreadOf(number));
  const tms = `T${String(number).padStart(8, '0')}`;
  return {
    number,
    id: `shp-${String(number).padStart(8, '0')}`,
    customerId: customer.id,
    tier: customer.tier,
    mode,
    service: lane.service,
    lane: laneWord(lane.stops),
    legs,
    identifiers: [
      { issuer: 'tms', kind: 'tms', value: tms },
      { issuer: customer.id, kind: 'po', value: `PO${(number * 7 + 100_003).toString(36).toUpperCase()}` },
      ...legs.map(({ carrier, pro }) => ({ issuer: carrier.scac, kind: 'pro' as const, value: pro })),
    ],
    createdAt,
    pickupAt,
    deliveryAt,
    promisedAt: promiseOf(mode, deliveryAt, last.to, random.next()),
    valueMinor: Math.round(20_000 * Math.exp(random.normal() * 0.9 + (mode === 'parcel' ? 0 : 3))),
    contentsClass: customer.contents,
  };
};
