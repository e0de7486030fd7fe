import { z } from 'zod';
import { place } from '../../../domain/event.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { weatherObservation } from '../../../domain/weather-observation.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { eachFeature, type RawFeature } from '../nws/features.ts';
import { quantity, type Quantity, type QuantityKind, valueOf } from './quantity.ts';

const observationFeature = z.object({
  geometry: z
    .object({ type: z.literal('Point'), coordinates: z.tuple([z.number(), z.number()]).rest(z.number()) })
    .nullish()
    .catch(null),
  properties: z.object({
    /** `https://api.weather.gov/stations/KDCA`. */
    station: z.string().min(1).max(200),
    timestamp: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    textDescription: z.string().nullish(),
    temperature: quantity,
    windSpeed: quantity,
    windGust: quantity,
    visibility: quantity,
    precipitationLastHour: quantity,
  }),
});
type Properties = z.infer<typeof observationFeature>['properties'];

/** What each of our fields is read from. */
const fields = {
  temperatureC: ['temperature', 'temperature'],
  windKph: ['windSpeed', 'speed'],
  gustKph: ['windGust', 'speed'],
  visibilityM: ['visibility', 'distance'],
  precipitationMm: ['precipitationLastHour', 'depth'],
} as const satisfies Readonly<Record<string, readonly [keyof Properties, QuantityKind]>>;
type Field = keyof typeof fields;

/**
 * Station observations of the NWS: a FeatureCollection or one Feature. A value that its sender's own checks rejected is
 * null; a unit that we do not know fails the observation, because a number in the wrong unit is worse than none.
 */
export const decodeNwsObservation: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'nws-observation/1');
  eachFeature(records, document, 'observations', (raw) => decodeFeature(records, raw, document, settings));
  return records.list;
};

const decodeFeature = (
  records: DecodedRecords,
  raw: RawFeature,
  { heardAt }: RawDocument,
  { maxFutureMs }: DecoderSettings,
): void => {
  const fail = (code: 'FW402' | 'FW403', reason: string): void =>
    records.fail('validate', code, `NWS observation: ${reason}`, raw.bytes());
  const checked = observationFeature.safeParse(raw.value);
  if (!checked.success) return fail('FW402', firstIssue(checked.error, raw.value));
  const { properties, geometry } = checked.data;
  const at = timeOfEvent(properties.timestamp, 'instant', heardAt, maxFutureMs);
  if (at === null) return fail('FW403', futureReason(properties.timestamp, heardAt, maxFutureMs));
  const values: Partial<Record<Field, number | null>> = {};
  for (const [field, [name, kind]] of Object.entries(fields) as [Field, (typeof fields)[Field]][]) {
    const measured: Quantity = properties[name];
    const value = valueOf(measured, kind);
    if (value === 'unit')
      return fail('FW402', `properties.${name}.unitCode: ${measured?.unitCode ?? '(none)'} is not known`);
    values[field] = value;
  }
  const station = properties.station.slice(properties.station.lastIndexOf('/') + 1);
  const [longitude, latitude] = geometry?.coordinates ?? [null, null];
  const result = weatherObservation.safeParse({
    id: stableId('observation', station, at),
    at,
    heardAt,
    source: records.provenance(null),
    station,
    place: latitude === null ? null : place.parse({ latitude, longitude }),
    ...values,
    conditions: (properties.textDescription ?? '').slice(0, 400),
  });
  if (result.success) records.push({ type: 'observation', value: result.data });
  else fail('FW402', firstIssue(result.error, null));
};
