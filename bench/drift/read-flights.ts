import { join } from 'node:path';
import { num, readFlightTable, readTable, weatherColumns } from '../flights/tables.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** From the wheels on the ground to the gate, when the delay is known: the table says nothing of it. */
const TAXI_MIN = 30;

export interface Flight {
  readonly carrier: string;
  readonly origin: string;
  readonly destination: string;
  readonly distance: number;
  readonly departsAt: number;
  readonly localHour: number;
  /** More than 15 minutes late at arrival. */
  readonly late: 0 | 1;
  /** When that was known: departure as flown, time in the air and half an hour on the ground. */
  readonly knownAt: number;
}

/** Hourly: temperature, dew point, humidity, wind, gust, rain, pressure, visibility; NaN where it was not measured. */
export type WeatherByHour = ReadonlyMap<string, readonly number[]>;

/** All departures from New York in 2013 that arrived where they were to, by departure. */
export const readFlights = async (folder: string): Promise<Flight[]> =>
  (await readFlightTable(folder))
    .filter((row) => !Number.isNaN(num(row['arr_delay'])))
    .map((row): Flight => {
      const departsAt = Date.parse(row['time_hour'] ?? '') + num(row['minute']) * MINUTE_MS;
      const flownMin = num(row['dep_delay']) + num(row['air_time']) + TAXI_MIN;
      return {
        carrier: row['carrier'] ?? '',
        origin: row['origin'] ?? '',
        destination: row['dest'] ?? '',
        distance: num(row['distance']),
        departsAt,
        localHour: num(row['hour']) + num(row['minute']) / 60,
        late: num(row['arr_delay']) > 15 ? 1 : 0,
        knownAt: departsAt + flownMin * MINUTE_MS,
      };
    })
    .sort((a, b) => a.departsAt - b.departsAt);

export const weatherKey = (origin: string, at: number): string =>
  `${origin} ${Math.floor(at / HOUR_MS) * HOUR_MS}`;

export const readWeather = async (folder: string): Promise<WeatherByHour> =>
  new Map(
    (await readTable(join(folder, 'weather.csv'))).map((row) => [
      weatherKey(row['origin'] ?? '', Date.parse(row['time_hour'] ?? '')),
      weatherColumns.map((column) => num(row[column])),
    ]),
  );

export const weatherNames: readonly string[] = weatherColumns;
