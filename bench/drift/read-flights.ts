import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readZipEntry } from './read-zip-entry.ts';

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

const weatherColumns = [
  'temp',
  'dewp',
  'humid',
  'wind_speed',
  'wind_gust',
  'precip',
  'pressure',
  'visib',
] as const;

const flightColumns = [
  'time_hour',
  'hour',
  'minute',
  'carrier',
  'origin',
  'dest',
  'distance',
  'dep_delay',
  'air_time',
  'arr_delay',
] as const;

type Row = Readonly<Record<string, string>>;

/** These tables quote nothing, and 6 million cells are worth a plain split. */
const rowsOf = (table: Buffer, wanted: readonly string[]): Row[] => {
  const [head = '', ...lines] = table.toString('latin1').trimEnd().split(/\r?\n/);
  const names = head.split(',');
  const columns = wanted.map((name) => [name, names.indexOf(name)] as const);
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map(([name, at]) => [name, cells[at] ?? 'NA']));
  });
};

const numberOf = (row: Row, column: string): number => {
  const text = row[column] ?? 'NA';
  return text === 'NA' || text === '' ? NaN : Number(text);
};

/** All departures from New York in 2013 that arrived where they were to, by departure. */
export const readFlights = (folder: string): Flight[] =>
  rowsOf(readZipEntry(readFileSync(join(folder, 'flights.csv.zip'))), flightColumns)
    .filter((row) => !Number.isNaN(numberOf(row, 'arr_delay')))
    .map((row): Flight => {
      const departsAt = Date.parse(row['time_hour'] ?? '') + numberOf(row, 'minute') * MINUTE_MS;
      const flownMin = numberOf(row, 'dep_delay') + numberOf(row, 'air_time') + TAXI_MIN;
      return {
        carrier: row['carrier'] ?? '',
        origin: row['origin'] ?? '',
        destination: row['dest'] ?? '',
        distance: numberOf(row, 'distance'),
        departsAt,
        localHour: numberOf(row, 'hour') + numberOf(row, 'minute') / 60,
        late: numberOf(row, 'arr_delay') > 15 ? 1 : 0,
        knownAt: departsAt + flownMin * MINUTE_MS,
      };
    })
    .sort((a, b) => a.departsAt - b.departsAt);

export const weatherKey = (origin: string, at: number): string =>
  `${origin} ${Math.floor(at / HOUR_MS) * HOUR_MS}`;

export const readWeather = (folder: string): WeatherByHour =>
  new Map(
    rowsOf(readFileSync(join(folder, 'weather.csv')), ['origin', 'time_hour', ...weatherColumns]).map(
      (row) => [
        weatherKey(row['origin'] ?? '', Date.parse(row['time_hour'] ?? '')),
        weatherColumns.map((column) => numberOf(row, column)),
      ],
    ),
  );

export const weatherNames: readonly string[] = weatherColumns;
