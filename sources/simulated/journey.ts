import { hubs, type Place } from './geography.ts';
import type { HappeningKind } from './happenings.ts';
import { JourneyDraft } from './journey-draft.ts';
import { nextLocalHour } from './local-time.ts';
import { deliverySlot, departureHours, handlingMs, spreadOf } from './plan-shipment.ts';
import { portAt } from './port-congestion.ts';
import { Random } from './random.ts';
import { troubleOf, type Collapse } from './reliability.ts';
import type { CauseTruth, Journey, PlannedLeg, Shipment, TrueCause } from './shipment.ts';
import type { Weather } from './weather.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface Surroundings {
  readonly seed: number;
  readonly weather: Weather;
  readonly collapse: Collapse | null;
}

/** Stage 0 is the pickup, 1 + 2i and 2 + 2i are departure and arrival of leg i, the last one is the delivery. */
export const lastStageOf = (shipment: Shipment): number => 1 + 2 * shipment.legs.length;

/** Where a journey is taken up: after everything before `stage`, which ended at `at`. */
export interface Start {
  readonly stage: number;
  readonly at: number;
  /** For a stage that is under way: when it ends, whatever its luck would have been. */
  readonly endsAt?: number;
  /** Moves without waiting for schedules, on faster vehicles. */
  readonly expedited: boolean;
}

/** The last known place at or before a part of the way. */
const placeAt = (leg: PlannedLeg, fraction: number): Place =>
  leg.road.waypoints.findLast((waypoint) => waypoint.fraction <= fraction)?.place ?? leg.from;

/**
 * What truly becomes of a shipment, worked out ahead. Each stage has its own random stream, so a journey that is
 * taken up in the middle, or expedited there, meets the same luck at the stages that follow.
 */
export const plotJourney = (world: Surroundings, shipment: Shipment, start: Start): Journey => {
  const draft = new JourneyDraft();
  const { expedited } = start;
  const streamOf = (stage: number): Random => new Random(world.seed, 'stage', shipment.number, stage);
  const troubleAt = (leg: PlannedLeg, t: number): number =>
    Math.min(12, troubleOf(world.seed, shipment, leg, t, world.collapse));

  const pickup = (leg: PlannedLeg, random: Random): number => {
    let at = Math.max(shipment.pickupAt, start.at) + random.normal() * 12 * minuteMs;
    let shows: CauseTruth | null = null;
    if (random.chance(0.01 * troubleAt(leg, at))) {
      const minutes = random.between(3, 16) * 60;
      shows = draft.blame('missed_pickup', 0, at, minutes);
      draft.step('missedPickup', at + 50 * minuteMs, 0, leg.from, { shows, silent: random.chance(0.3) });
      at += minutes * minuteMs;
    }
    at = Math.max(at, shipment.createdAt + minuteMs, start.at);
    draft.step('pickup', at, 0, leg.from, { milestone: 'pickup', shows });
    return at;
  };

  /** The rest of a stage that was under way when the journey was taken up. */
  const finish = (kind: 'depart' | 'arrive', place: Place, leg: number, at: number): number => {
    draft.step(kind, at, leg, place, { milestone: `${kind}:${leg}` });
    return at;
  };

  const depart = (leg: PlannedLeg, index: number, previousAt: number, random: Random): number => {
    const planned = index === 0 ? shipment.pickupAt : (shipment.legs[index - 1]?.arriveAt ?? leg.departAt);
    let lateMin = Math.max(0, previousAt - planned) / minuteMs;
    let ready = previousAt + handlingMs(leg.mode) * random.between(0.6, 1.3);
    if (index === 0) ready += 30 * minuteMs;
    const lose = (
      cause: TrueCause,
      kind: HappeningKind,
      minutes: number,
      place: Place,
      silent: boolean,
    ): void => {
      const shows = draft.blame(cause, index, ready, minutes);
      draft.step(kind, ready + Math.min(minutes / 3, 40) * minuteMs, index, place, { shows, silent });
      ready += minutes * minuteMs;
      lateMin += minutes;
    };
    const trouble = troubleAt(leg, ready);
    const [held, heldMin, silent] = [
      random.chance(0.03 * trouble),
      random.between(100, 480),
      random.chance(0.45),
    ];
    if (leg.from.kind === 'port') {
      const port = portAt(world.seed, leg.from.key, previousAt);
      const usual = port.usualDwellHours * hourMs * random.between(0.8, 1.08);
      const extraMin = (port.dwellHours - port.usualDwellHours) * 60 * random.between(0.8, 1.1);
      ready += usual;
      if (extraMin > 30) {
        // The wait for a berth and a truck begins when the ship comes in, and can be seen from then on.
        draft.blame(
          'port_congestion',
          index,
          previousAt,
          extraMin,
          port.state === 'congested' ? previousAt : null,
        );
        ready += extraMin * minuteMs;
        lateMin += extraMin;
      }
      if (random.chance(0.09)) lose('customs', 'customs', random.between(8, 40) * 60, leg.from, false);
    }
    if (held) lose('carrier_operations', 'slowProcessing', heldMin, leg.from, silent);
    if (leg.mode !== 'truckload' && leg.mode !== 'ocean' && random.chance(0.007 * trouble)) {
      const wrong = random.pick(hubs.filter((hub) => hub.key !== leg.from.key && hub.key !== leg.to.key));
      lose('misroute', 'missort', random.between(13, 28) * 60, wrong, false);
    }
    if (random.chance(0.003)) {
      draft.step('damaged', ready, index, leg.from, { shows: draft.blame('damage', index, ready, 0) });
    }
    const hours = expedited ? null : departureHours(leg.mode);
    const at = hours === null ? ready : nextLocalHour(ready, leg.from.timeZone, hours);
    const waitedMin = (at - leg.departAt) / minuteMs - lateMin;
    const missed =
      hours !== null && waitedMin > 45 ? draft.blame('missed_connection', index, at, waitedMin) : null;
    const departedAt = at + random.between(0, 14) * minuteMs;
    draft.step('depart', departedAt, index, leg.from, { milestone: `depart:${index}`, shows: missed });
    return departedAt;
  };

  const travel = (leg: PlannedLeg, index: number, departedAt: number, random: Random): number => {
    const trouble = troubleAt(leg, departedAt);
    const plannedMs = leg.arriveAt - leg.departAt;
    const drivenMs = plannedMs * (expedited ? 0.72 : 1) * (0.965 + 0.025 * random.normal());
    let lostMin = 0;
    let shows: CauseTruth | null = null;
    for (const delay of leg.mode === 'ocean'
      ? []
      : world.weather.delaysOn(leg.road, departedAt, drivenMs, random)) {
      const cause = draft.blame('weather', index, delay.at, delay.minutes, delay.warnedAt);
      draft.step(
        'stormbound',
        delay.at + 30 * minuteMs,
        index,
        placeAt(leg, (delay.at - departedAt) / drivenMs),
        {
          shows: cause,
          silent: random.chance(0.55),
        },
      );
      lostMin += delay.minutes;
    }
    const [broke, brokeAt, brokeMin] = [
      random.chance(0.011 * Math.sqrt(trouble)),
      random.next(),
      random.between(150, 600),
    ];
    if (broke) {
      const at = departedAt + brokeAt * drivenMs;
      const cause = draft.blame('mechanical', index, at, brokeMin);
      draft.step('breakdown', at + random.between(15, 70) * minuteMs, index, placeAt(leg, brokeAt), {
        shows: cause,
        silent: random.chance(0.12),
      });
      lostMin += brokeMin;
    }
    if (random.chance(0.05)) {
      const minutes = random.between(20, 140);
      const fraction = random.next();
      const at = departedAt + fraction * drivenMs;
      const cause = draft.blame('traffic', index, at, minutes);
      draft.step('traffic', at + 20 * minuteMs, index, placeAt(leg, fraction), {
        shows: cause,
        silent: random.chance(0.7),
      });
      lostMin += minutes;
    }
    if (random.chance(Math.min(0.75, 0.075 * trouble))) {
      const minutes = 40 + Math.min(random.exponential(170), 900);
      shows = draft.blame('carrier_operations', index, departedAt, minutes);
      lostMin += minutes;
    }
    const arrivedAt = departedAt + drivenMs + lostMin * minuteMs;
    const isLast = index === shipment.legs.length - 1;
    if (isLast && leg.carrier.estimates) {
      const at = departedAt + plannedMs * 0.1;
      const hopedAt = deliverySlot(shipment.mode, departedAt + drivenMs, leg.to, spreadOf(shipment.number));
      draft.step('estimate', at, index, leg.from, { estimatedAt: hopedAt });
    }
    draft.step('arrive', arrivedAt, index, leg.to, { milestone: `arrive:${index}`, shows });
    return arrivedAt;
  };

  const deliver = (leg: PlannedLeg, arrivedAt: number, random: Random): Journey => {
    const index = shipment.legs.length - 1;
    const spread = spreadOf(shipment.number);
    const place = leg.to;
    const trouble = troubleAt(leg, arrivedAt);
    let at = expedited
      ? Math.min(arrivedAt + 100 * minuteMs, deliverySlot(shipment.mode, arrivedAt, place, spread))
      : deliverySlot(shipment.mode, arrivedAt, place, spread);
    const outAt = Math.max(arrivedAt + 20 * minuteMs, at - random.between(1.5, 3) * hourMs);
    at = Math.max(at + random.normal() * 14 * minuteMs, outAt + 20 * minuteMs);
    draft.step('out', outAt, index, place);
    if (random.chance(Math.min(0.4, 0.045 * trouble))) {
      const minutes = 80 + Math.min(random.exponential(170), 600);
      draft.blame('carrier_operations', index, at, minutes);
      at += minutes * minuteMs;
    }
    const failed = (cause: TrueCause, kind: HappeningKind, minutes: number): void => {
      draft.step(kind, at, index, place, { shows: draft.blame(cause, index, at, minutes) });
      at += minutes * minuteMs;
    };
    if (random.chance(0.012)) failed('address', 'address', random.between(18, 27) * 60);
    if (random.chance(0.012)) failed('facility_closed', 'closed', random.between(15, 24) * 60);
    if (random.chance(0.006)) {
      failed('refused', 'refused', random.between(20, 30) * 60);
      if (random.chance(0.6)) return draft.end('returned', 'returned', at, index, place);
    }
    if (random.chance(0.004)) {
      draft.step('damaged', at - 2 * minuteMs, index, place, { shows: draft.blame('damage', index, at, 0) });
      if (random.chance(0.3)) return draft.end('returned', 'returned', at + 6 * hourMs, index, place);
    }
    return draft.end('delivered', 'delivery', at, index, place, { milestone: 'delivery' });
  };

  let at = start.at;
  const last = lastStageOf(shipment);
  for (let stage = start.stage; stage < last; stage += 1) {
    const index = stage === 0 ? 0 : (stage - 1) >> 1;
    const leg = shipment.legs[index];
    if (leg === undefined) break;
    const random = streamOf(stage);
    const isDeparture = stage % 2 === 1;
    if (stage === 0) at = pickup(leg, random);
    else if (stage === start.stage && start.endsAt !== undefined) {
      at = finish(isDeparture ? 'depart' : 'arrive', isDeparture ? leg.from : leg.to, index, start.endsAt);
    } else if (isDeparture) at = depart(leg, index, at, random);
    else if (random.chance(0.0007)) {
      const shows = draft.blame('loss', index, at, 0);
      return draft.end('lost', 'lost', at + 60 * hourMs, index, leg.to, { shows });
    } else at = travel(leg, index, at, random);
  }
  const leg = shipment.legs.at(-1);
  if (leg === undefined) throw new RangeError(`shipment ${shipment.id} has no leg`);
  return deliver(leg, at, streamOf(last));
};
