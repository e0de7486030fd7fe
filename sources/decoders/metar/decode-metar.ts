import { type IMetar, parseMetar, RemarkType } from 'metar-taf-parser';
import { stableId } from '../../../domain/stable-id.ts';
import { weatherObservation } from '../../../domain/weather-observation.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { firstIssue } from '../first-issue.ts';
import { conditionsOf } from './conditions.ts';
import { type Report, reportsOf } from './reports.ts';

/**
 * METAR and SPECI, read by `metar-taf-parser`. A report names only the day of the month: it is the last such day that is
 * not after the time of hearing. NIL is a station that said nothing: a heartbeat.
 */
export const decodeMetar: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'metar/1');
  const reports = reportsOf(document.bytes);
  for (const report of reports) decodeReport(records, report, document, settings);
  if (reports.length === 0)
    records.fail('decode', 'FW401', 'no report begins in it (such as KDCA 191552Z …)', document.bytes);
  return records.list;
};

const decodeReport = (
  records: DecodedRecords,
  { text, bytes }: Report,
  { heardAt }: RawDocument,
  { maxFutureMs }: DecoderSettings,
): void => {
  let said: IMetar;
  try {
    said = parseMetar(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    records.fail('decode', 'FW401', `METAR: ${why.slice(0, 300)}`, bytes);
    return;
  }
  if (said.nil === true) {
    records.nothing('heartbeat');
    return;
  }
  const fail = (reason: string): void => records.fail('validate', 'FW402', `METAR: ${reason}`, bytes);
  const at = momentOf(said, heardAt + maxFutureMs);
  if (at === null) return fail(`day and time of ${text.slice(0, 40)} are none`);
  const values = measured(said);
  if (Object.values(values).every((value) => value === null) && said.weatherConditions.length === 0)
    return fail(`nothing in ${text.slice(0, 80)} can be read`);
  const result = weatherObservation.safeParse({
    id: stableId('observation', said.station, at),
    at,
    heardAt,
    source: records.provenance(null),
    station: said.station,
    ...values,
    conditions: conditionsOf(said),
  });
  if (result.success) records.push({ type: 'observation', value: result.data });
  else fail(firstIssue(result.error, null));
};

/** Latest moment with this day, hour and minute of UTC that is not after `until`; null where no month near has it. */
const momentOf = ({ day, hour, minute }: IMetar, until: number): number | null => {
  if (day === undefined || hour === undefined || minute === undefined || hour > 23 || minute > 59)
    return null;
  const last = new Date(until);
  const [year, month] = [last.getUTCFullYear(), last.getUTCMonth()];
  for (let back = 0; back < 3; back += 1) {
    const at: number = Date.UTC(year, month - back, day, hour, minute);
    if (at <= until && new Date(at).getUTCDate() === day) return at;
  }
  return null;
};

const kphPer: Readonly<Record<string, number>> = { KT: 1.852, MPS: 3.6, 'KM/H': 1 };
const METRES_PER_MILE = 1_609.344;

/** `P6SM` means "at least", and is taken as the number; `9999`, as which CAVOK is read too, is 10 km or more. */
const measured = ({ temperature, wind, visibility, remarks }: IMetar) => {
  const kph = wind === undefined ? undefined : kphPer[wind.unit];
  const rain = remarks.find((remark) => remark.type === RemarkType.HourlyPrecipitationAmount);
  return {
    temperatureC: temperature ?? null,
    windKph: wind === undefined || kph === undefined ? null : wind.speed * kph,
    gustKph: wind?.gust === undefined || kph === undefined ? null : wind.gust * kph,
    visibilityM: visibility === undefined ? null : metresOf(visibility.value, visibility.unit),
    precipitationMm: rain === undefined ? null : rain.amount * 25.4,
  };
};

const metresOf = (value: number, unit: string): number =>
  unit === 'SM' ? value * METRES_PER_MILE : value === 9_999 ? 10_000 : value;
