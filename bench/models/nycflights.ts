import { join } from 'node:path';
import { num, readFlightTable, readTable, type Row, weatherColumns } from '../flights/tables.ts';

export const HOUR = 60;
export const DAY = 24 * HOUR;

export interface Flight {
  readonly month: number;
  /** Scheduled departure in minutes since the year began, New York time. */
  readonly at: number;
  readonly depDelay: number;
  readonly arrDelay: number;
  /** When its arrival was known. */
  readonly arrivedAt: number;
  readonly carrier: string;
  readonly flight: string;
  readonly tail: string;
  readonly origin: string;
  readonly dest: string;
  readonly distance: number;
  readonly plannedMin: number;
}

const clock = (hhmm: string | undefined): number => Math.floor(num(hhmm) / 100) * HOUR + (num(hhmm) % 100);

const minuteOf = (year: number, month: number, day: number): number =>
  (Date.UTC(year, month - 1, day) - Date.UTC(2013, 0, 1)) / 60_000;

/** All departures in the order of their schedule. */
export const readFlights = async (folder: string): Promise<Flight[]> => {
  const zones = new Map(
    (await readTable(join(folder, 'airports.csv'))).map((of) => [of['faa'], num(of['tz'])]),
  );
  const flights = (await readFlightTable(folder)).map((of): Flight => {
    const at = minuteOf(2013, num(of['month']), num(of['day'])) + clock(of['sched_dep_time']);
    const depDelay = num(of['dep_delay']);
    const away = (-5 - (zones.get(of['dest']) ?? -5)) * HOUR;
    const plannedMin = (clock(of['sched_arr_time']) - clock(of['sched_dep_time']) + away + 2 * DAY) % DAY;
    const airMin = num(of['air_time']);
    return {
      month: num(of['month']),
      at,
      depDelay,
      arrDelay: num(of['arr_delay']),
      // Half an hour of taxiing on both ends together.
      arrivedAt: at + depDelay + (Number.isNaN(airMin) ? plannedMin : airMin + 30),
      carrier: of['carrier'] ?? '',
      flight: `${of['carrier']}${of['flight']}`,
      tail: of['tailnum'] ?? 'NA',
      origin: of['origin'] ?? '',
      dest: of['dest'] ?? '',
      distance: num(of['distance']),
      plannedMin,
    };
  });
  return flights.toSorted((left, right) => left.at - right.at);
};

/** The last observation at an airport by a moment, at most six hours old. */
export const weatherLookup = (rows: readonly Row[]) => {
  const byHour = new Map(
    rows.map((of) => {
      const hour = minuteOf(2013, num(of['month']), num(of['day'])) / HOUR + num(of['hour']);
      return [`${of['origin']} ${hour}`, weatherColumns.map((name) => num(of[name]))];
    }),
  );
  const unknown = weatherColumns.map(() => NaN);
  return (origin: string, now: number): readonly number[] => {
    for (let hour = Math.floor(now / HOUR), oldest = hour - 6; hour > oldest; hour--) {
      const seen = byHour.get(`${origin} ${hour}`);
      if (seen !== undefined) return seen;
    }
    return unknown;
  };
};
