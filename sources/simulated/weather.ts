import { offsetKm, type Road } from './road.ts';
import { places, type Place } from './geography.ts';
import { Random } from './random.ts';

const hourMs = 3_600_000;
const slotMs = 12 * hourMs;
/** No front is over land longer than this after its slot began. */
const reachMs = 60 * hourMs;

/** One sort of weather: its VTEC phenomenon and significance, its CAP words, and what it costs a truck. */
export interface WeatherKind {
  readonly vtec: string;
  readonly event: string;
  readonly severity: 'Extreme' | 'Severe' | 'Moderate' | 'Minor';
  readonly certainty: 'Observed' | 'Likely' | 'Possible';
  readonly hours: readonly [low: number, high: number];
}

// Names and codes: NWS Instruction 10-1703 (VTEC).
const kind = (
  vtec: string,
  event: string,
  severity: WeatherKind['severity'],
  certainty: WeatherKind['certainty'],
  low: number,
  high: number,
): WeatherKind => ({ vtec, event, severity, certainty, hours: [low, high] });

const coldKinds: readonly WeatherKind[] = [
  kind('WW.Y', 'Winter Weather Advisory', 'Moderate', 'Likely', 0.7, 2.2),
  kind('WS.W', 'Winter Storm Warning', 'Severe', 'Likely', 3, 7),
  kind('WS.W', 'Winter Storm Warning', 'Severe', 'Likely', 2.5, 6),
  kind('BZ.W', 'Blizzard Warning', 'Extreme', 'Likely', 8, 15),
  kind('IS.W', 'Ice Storm Warning', 'Severe', 'Likely', 4, 9),
];
const wetKinds: readonly WeatherKind[] = [
  kind('FA.Y', 'Flood Advisory', 'Minor', 'Likely', 0.4, 1.2),
  kind('WI.Y', 'Wind Advisory', 'Moderate', 'Likely', 0.5, 1.6),
  kind('HW.W', 'High Wind Warning', 'Severe', 'Likely', 2, 5),
  kind('FA.W', 'Flood Warning', 'Severe', 'Observed', 3, 8),
  kind('SV.A', 'Severe Thunderstorm Watch', 'Severe', 'Possible', 1.5, 4),
];

/** A place under a front, as [from; to). */
export interface FrontCell {
  readonly place: Place;
  readonly from: number;
  readonly to: number;
}

export interface Front {
  readonly id: string;
  readonly kind: WeatherKind;
  /** What it costs a vehicle that meets it, before that vehicle's own luck; 0 for a false alarm. */
  readonly costMin: number;
  readonly cells: readonly FrontCell[];
  /** When the first alert goes out before a cell is reached; null for a front that nobody saw coming. */
  readonly leadMs: number | null;
}

export interface WeatherDelay {
  readonly minutes: number;
  readonly at: number;
  /** When the alert about it was issued; null where there was none. */
  readonly warnedAt: number | null;
}

export interface Weather {
  /** Fronts of the twelve-hour slot that begins at `slot × 12 h`; they reach land twelve hours later or more. */
  frontsOf(slot: number): readonly Front[];
  delaysOn(road: Road, departAt: number, transitMs: number, random: Random): readonly WeatherDelay[];
  forgetBefore(t: number): void;
}

export const slotOf = (t: number): number => Math.floor(t / slotMs);
export const slotStart = (slot: number): number => slot * slotMs;

const isCold = (t: number, latitude: number): boolean => {
  const month = new Date(t).getUTCMonth();
  return (month >= 10 || month <= 2) && latitude > 36.5;
};

/** Minutes under the front: the part of its straight way that is nearer to the place than its radius. */
const cellsOf = (start: Place, onset: number, random: Random): FrontCell[] => {
  const heading = (random.between(55, 115) * Math.PI) / 180;
  const kmPerMs = random.between(28, 52) / hourMs;
  const [vx, vy] = [Math.sin(heading) * kmPerMs, Math.cos(heading) * kmPerMs];
  const radiusKm = random.between(140, 260);
  const lifeMs = random.between(14, 30) * hourMs;
  const cells: FrontCell[] = [];
  for (const place of places) {
    if (place.counties.length === 0) continue;
    const [x, y] = offsetKm(start, place);
    const nearest = (x * vx + y * vy) / (kmPerMs * kmPerMs);
    const sideKm = Math.hypot(x - vx * nearest, y - vy * nearest);
    if (sideKm >= radiusKm) continue;
    const half = Math.sqrt(radiusKm * radiusKm - sideKm * sideKm) / kmPerMs;
    const from = Math.max(0, nearest - half);
    const to = Math.min(lifeMs, nearest + half);
    if (to - from > hourMs) cells.push({ place, from: Math.round(onset + from), to: Math.round(onset + to) });
  }
  return cells;
};

/** A front's alert goes out this long before, but never before the front's slot begins. */
export const warnedAt = (front: Front, from: number, slot: number): number | null =>
  front.leadMs === null ? null : Math.max(slotStart(slot), from - front.leadMs);

/**
 * Weather as a pure function of seed and time: fronts are born in slots of twelve hours and move east over the
 * places, so that a journey can be worked out ahead and the same again after a restart.
 */
export const createWeather = (seed: number): Weather => {
  const slots = new Map<number, readonly Front[]>();
  const land = places.filter((place) => place.kind !== 'abroad' && place.kind !== 'port');

  const born = (slot: number): Front[] => {
    const random = new Random(seed, 'fronts', slot);
    const luck = random.next();
    const count = luck < 0.15 ? 0 : luck < 0.75 ? 1 : 2;
    return Array.from({ length: count }, (_, i): Front => {
      const start = random.pick(land);
      const onset = slotStart(slot) + slotMs + random.between(0, slotMs);
      const weatherKind = random.pick(isCold(onset, start.latitude) ? coldKinds : wetKinds);
      const isFalseAlarm = random.chance(0.08);
      const costMin = isFalseAlarm ? 0 : Math.round(60 * random.between(...weatherKind.hours));
      const leadMs = !isFalseAlarm && random.chance(0.06) ? null : random.between(4, 11) * hourMs;
      return { id: `${slot}-${i}`, kind: weatherKind, costMin, leadMs, cells: cellsOf(start, onset, random) };
    });
  };

  const frontsOf = (slot: number): readonly Front[] => {
    let fronts = slots.get(slot);
    if (fronts === undefined) {
      fronts = born(slot);
      slots.set(slot, fronts);
    }
    return fronts;
  };

  return {
    frontsOf,
    delaysOn(road, departAt, transitMs, random) {
      const delays: WeatherDelay[] = [];
      const lastSlot = slotOf(departAt + transitMs);
      for (let slot = slotOf(departAt - reachMs); slot <= lastSlot; slot += 1) {
        for (const front of frontsOf(slot)) {
          const hit = meet(front, road, departAt, transitMs);
          if (hit === undefined) continue;
          const minutes = Math.round(front.costMin * random.between(0.6, 1.5));
          if (minutes > 0)
            delays.push({ minutes, at: hit.at, warnedAt: warnedAt(front, hit.cell.from, slot) });
        }
      }
      return delays;
    },
    forgetBefore(t) {
      for (const slot of slots.keys()) if (slotStart(slot) + reachMs < t) slots.delete(slot);
    },
  };
};

const meet = (
  front: Front,
  road: Road,
  departAt: number,
  transitMs: number,
): { readonly at: number; readonly cell: FrontCell } | undefined => {
  for (const { place, fraction } of road.waypoints) {
    const at = departAt + Math.min(1, Math.max(0, fraction)) * transitMs;
    const cell = front.cells.find((c) => c.place === place && at >= c.from && at < c.to);
    if (cell !== undefined) return { at: Math.round(at), cell };
  }
  return undefined;
};
