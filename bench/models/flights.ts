import { join } from 'node:path';
import { num, readTable, type Row, weatherColumns } from '../flights/tables.ts';
import { DecayedMeans } from './decayed-means.ts';
import { DAY, type Flight, HOUR, readFlights, weatherLookup } from './nycflights.ts';
import type { Task } from './task.ts';

/** Predicted so long before the scheduled departure. */
const AHEAD_MIN = 2 * HOUR;
const LATE_MIN = 15;
const FIRST_TEST_MONTH = 11;

const columns = [
  'minute_of_day',
  'weekday',
  'carrier',
  'origin',
  'dest',
  'distance',
  'planned_min',
  'seats',
  'built',
  'same_hour',
  'origin_delay',
  'origin_delay_lately',
  'origin_departures',
  'carrier_delay',
  'carrier_late',
  'dest_delay',
  'route_late',
  'number_late',
  'number_delay',
  'tail_delay',
  'tail_since',
  'arrivals_delay',
  ...weatherColumns,
] as const;

/**
 * All departures from New York in 2013: late at arrival by more than 15 min? Two hours before the scheduled departure, and
 * once it has departed. Whatever a feature knows of other flights entered when it was known: a delay of departure when that
 * flight had left, one of arrival when it had landed; weather is the last observation by then.
 */
export const flightTasks = async (folder: string): Promise<Task[]> => {
  const [flights, planes, weather] = await Promise.all([
    readFlights(folder),
    readTable(join(folder, 'planes.csv')),
    readTable(join(folder, 'weather.csv')),
  ]);
  const flown = flights.filter(({ arrDelay }) => !Number.isNaN(arrDelay));
  const matrix = featuresOf(flights, flown, planes, weather);
  const labels = Uint8Array.from(flown, ({ arrDelay }) => (arrDelay > LATE_MIN ? 1 : 0));
  const learned = flown.filter(({ month }) => month < FIRST_TEST_MONTH).length;
  const shared = { labels, rows: flown.length, learned };
  const withDeparture = new Float32Array(flown.length * (columns.length + 1));
  for (const [row, { depDelay }] of flown.entries()) {
    withDeparture.set(
      matrix.subarray(row * columns.length, (row + 1) * columns.length),
      row * (columns.length + 1),
    );
    withDeparture[(row + 1) * (columns.length + 1) - 1] = depDelay;
  }
  const originDelay = columns.indexOf('origin_delay');
  return [
    {
      ...shared,
      name: 'flights, 2 h before departure',
      columns,
      matrix,
      stages: flown.map(() => ['2 h before departure']),
      delays: Float64Array.from(flown, (_, row) => matrix[row * columns.length + originDelay]! || 0),
      leadHours: Float64Array.from(flown, ({ plannedMin }) => (plannedMin + AHEAD_MIN) / HOUR),
    },
    {
      ...shared,
      name: 'flights, departed',
      columns: [...columns, 'departure_delay'],
      matrix: withDeparture,
      stages: flown.map(() => ['departed']),
      delays: Float64Array.from(flown, ({ depDelay }) => depDelay),
      leadHours: Float64Array.from(flown, ({ plannedMin, depDelay }) => (plannedMin - depDelay) / HOUR),
    },
  ];
};

/** Most frequent first, over the learned rows. */
const ranksOf = (values: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map(
    [...counts].toSorted(([, left], [, right]) => right - left).map(([value], rank) => [value, rank]),
  );
};

const featuresOf = (
  all: readonly Flight[],
  flown: readonly Flight[],
  planes: readonly Row[],
  weather: readonly Row[],
): Float32Array => {
  const past = flown.filter(({ month }) => month < FIRST_TEST_MONTH);
  const carriers = ranksOf(past.map(({ carrier }) => carrier));
  const origins = ranksOf(past.map(({ origin }) => origin));
  const dests = ranksOf(past.map(({ dest }) => dest));
  const planeOf = new Map(planes.map((plane) => [plane['tailnum'], plane]));
  const sameHour = new Map<string, number>();
  for (const { origin, at } of all) {
    const key = `${origin} ${Math.floor(at / HOUR)}`;
    sameHour.set(key, (sameHour.get(key) ?? 0) + 1);
  }
  const weatherAt = weatherLookup(weather);
  const departures = flown.toSorted((a, b) => a.at + a.depDelay - (b.at + b.depDelay));
  const arrivals = flown.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  const means = {
    origin: new DecayedMeans(30),
    originLately: new DecayedMeans(3 * HOUR),
    carrier: new DecayedMeans(6 * HOUR),
    carrierLate: new DecayedMeans(14 * DAY),
    dest: new DecayedMeans(6 * HOUR),
    route: new DecayedMeans(30 * DAY),
    number: new DecayedMeans(20 * DAY),
    numberDelay: new DecayedMeans(10 * DAY),
    arrivals: new DecayedMeans(2 * HOUR),
  };
  const tails = new Map<string, Flight>();
  let [departed, arrived] = [0, 0];
  const matrix = new Float32Array(flown.length * columns.length);
  for (const [row, of] of flown.entries()) {
    const now = of.at - AHEAD_MIN;
    for (
      ;
      departed < departures.length && departures[departed]!.at + departures[departed]!.depDelay <= now;
      departed++
    ) {
      const { origin, depDelay, at } = departures[departed]!;
      means.origin.hear(origin, depDelay, at + depDelay);
      means.originLately.hear(origin, depDelay, at + depDelay);
    }
    for (; arrived < arrivals.length && arrivals[arrived]!.arrivedAt <= now; arrived++) {
      const one = arrivals[arrived]!;
      const isLate = one.arrDelay > LATE_MIN ? 1 : 0;
      means.carrier.hear(one.carrier, one.arrDelay, one.arrivedAt);
      means.carrierLate.hear(one.carrier, isLate, one.arrivedAt);
      means.dest.hear(one.dest, one.arrDelay, one.arrivedAt);
      means.route.hear(`${one.carrier}${one.origin}${one.dest}`, isLate, one.arrivedAt);
      means.number.hear(one.flight, isLate, one.arrivedAt);
      means.numberDelay.hear(one.flight, one.arrDelay, one.arrivedAt);
      means.arrivals.hear(one.origin, one.arrDelay, one.arrivedAt);
      tails.set(one.tail, one);
    }
    const tail = tails.get(of.tail);
    const plane = planeOf.get(of.tail);
    matrix.set(
      [
        of.at % DAY,
        // 2013 began on a Tuesday.
        (Math.floor(of.at / DAY) + 2) % 7,
        carriers.get(of.carrier) ?? NaN,
        origins.get(of.origin) ?? NaN,
        dests.get(of.dest) ?? NaN,
        of.distance,
        of.plannedMin,
        num(plane?.['seats']),
        num(plane?.['year']),
        sameHour.get(`${of.origin} ${Math.floor(of.at / HOUR)}`) ?? NaN,
        means.origin.mean(of.origin),
        means.originLately.mean(of.origin),
        means.originLately.weight(of.origin, now),
        means.carrier.mean(of.carrier),
        means.carrierLate.mean(of.carrier),
        means.dest.mean(of.dest),
        means.route.mean(`${of.carrier}${of.origin}${of.dest}`),
        means.number.mean(of.flight),
        means.numberDelay.mean(of.flight),
        tail?.arrDelay ?? NaN,
        tail === undefined ? NaN : of.at - tail.arrivedAt,
        means.arrivals.mean(of.origin),
        ...weatherAt(of.origin, now),
      ],
      row * columns.length,
    );
  }
  return matrix;
};
