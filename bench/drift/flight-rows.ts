import { weatherKey, weatherNames, type Flight, type WeatherByHour } from './read-flights.ts';

const HOUR_MS = 3_600_000;
/** A flight is judged so long before its departure. */
const AHEAD_MS = 2 * HOUR_MS;

/** A flight as the model sees it two hours before departure, with what became of it and when that was known. */
export interface FlightRow {
  readonly at: number;
  readonly features: Float32Array;
  readonly label: 0 | 1;
  readonly knownAt: number;
  readonly flight: Flight;
}

interface Known {
  readonly at: number;
  readonly late: number;
}

/** Share of late arrivals among those known in the last hours; NaN of fewer than five. Asked in order of time. */
class LateShare {
  readonly #windowMs: number;
  readonly #known = new Map<string, { readonly list: Known[]; from: number; late: number }>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  learn(key: string, at: number, late: number): void {
    let of = this.#known.get(key);
    if (of === undefined) this.#known.set(key, (of = { list: [], from: 0, late: 0 }));
    of.list.push({ at, late });
    of.late += late;
  }

  at(key: string, now: number): number {
    const of = this.#known.get(key);
    if (of === undefined) return NaN;
    for (let known = of.list[of.from]; known !== undefined; known = of.list[of.from]) {
      if (known.at >= now - this.#windowMs) break;
      of.late -= known.late;
      of.from++;
    }
    const count = of.list.length - of.from;
    return count < 5 ? NaN : of.late / count;
  }
}

const rankOf = (values: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return new Map(sorted.map(([value], rank) => [value, rank]));
};

export const flightFeatureNames: readonly string[] = [
  'hour',
  'weekday',
  'carrier',
  'destination',
  'origin',
  'distance',
  ...weatherNames,
  'late_origin_3h',
  'late_origin_12h',
  'late_carrier_24h',
  'late_carrier_7d',
  'late_destination_7d',
];

/**
 * Features with what was known two hours before departure: the last hour's weather, and arrivals that had arrived.
 * Categories are ranks by frequency among the flights before `ranksUntil`, those never seen are missing.
 */
export const flightRows = (
  flights: readonly Flight[],
  weather: WeatherByHour,
  ranksUntil: number,
): FlightRow[] => {
  const learned = flights.filter(({ departsAt }) => departsAt < ranksUntil);
  const carriers = rankOf(learned.map(({ carrier }) => carrier));
  const destinations = rankOf(learned.map(({ destination }) => destination));
  const origins = rankOf(learned.map(({ origin }) => origin));
  const shares = [3, 12, 24, 168, 168].map((hours) => new LateShare(hours * HOUR_MS));
  const keysOf = ({ origin, carrier, destination }: Flight) => [
    origin,
    origin,
    carrier,
    carrier,
    destination,
  ];
  const byKnown = flights.toSorted((a, b) => a.knownAt - b.knownAt);
  let next = 0;
  return flights.map((flight) => {
    const at = flight.departsAt - AHEAD_MS;
    for (let known = byKnown[next]; known !== undefined && known.knownAt <= at; known = byKnown[++next])
      for (const [index, key] of keysOf(known).entries())
        shares[index]?.learn(key, known.knownAt, known.late);
    const features = Float32Array.from([
      flight.localHour,
      new Date(flight.departsAt - 5 * HOUR_MS).getUTCDay(),
      carriers.get(flight.carrier) ?? NaN,
      destinations.get(flight.destination) ?? NaN,
      origins.get(flight.origin) ?? NaN,
      flight.distance,
      ...(weather.get(weatherKey(flight.origin, at - HOUR_MS)) ?? weatherNames.map(() => NaN)),
      ...keysOf(flight).map((key, index) => shares[index]?.at(key, at) ?? NaN),
    ]);
    return { at, features, label: flight.late, knownAt: flight.knownAt, flight };
  });
};
