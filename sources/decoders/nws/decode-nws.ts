import { z } from 'zod';
import { weatherAlert, type WeatherAlert } from '../../../domain/weather-alert.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { certainties, severities, wordOf } from './alert-words.ts';
import { areaOfGeometry } from './feature-area.ts';
import { eachFeature, type RawFeature } from './features.ts';
import { zonesOfSame } from './same-zone.ts';
import { hazardIdOf, readVtec, type Vtec } from './vtec.ts';

/** A time as the API writes it: ISO 8601 with an offset. What is there and cannot be read is an error, not absent. */
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const optionalTime = time.nullish().transform((at) => at ?? null);
const strings = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

/** What we read of a feature of `api.weather.gov/alerts`. */
const feature = z.object({
  id: z.string().nullish(),
  geometry: z.unknown(),
  properties: z.object({
    id: z.string().min(1).max(200),
    status: z.string(),
    messageType: z.string(),
    event: z.string().min(1).max(120),
    severity: z.string().nullish(),
    certainty: z.string().nullish(),
    headline: z.string().nullish(),
    sent: time,
    effective: optionalTime,
    onset: optionalTime,
    ends: optionalTime,
    expires: optionalTime,
    affectedZones: strings,
    geocode: z.object({ UGC: strings, SAME: strings }).partial().nullish(),
    references: z
      .array(z.object({ identifier: z.string().min(1).max(200), sent: z.string().nullish() }))
      .nullish()
      .transform((list) => list ?? []),
    parameters: z.object({ VTEC: strings, eventEndingTime: strings }).partial().nullish(),
  }),
});
type Properties = z.infer<typeof feature>['properties'];

/** Read before the rest, so that a test message with odd content is a test and not an error. */
const head = z.object({ properties: z.object({ status: z.string(), messageType: z.string() }).partial() });

/**
 * NWS alerts as GeoJSON: a FeatureCollection or one Feature. A feature with several VTEC speaks of several hazards
 * and becomes one alert for each. Each feature stands alone: a bad one is a failure with its own bytes.
 */
export const decodeNws: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'nws/3');
  eachFeature(records, document, 'alerts', (raw) => decodeFeature(records, raw, document, settings));
  return records.list;
};

const decodeFeature = (
  records: DecodedRecords,
  raw: RawFeature,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const kind = head.safeParse(raw.value);
  const { status = 'Actual', messageType = 'Alert' } = kind.success ? kind.data.properties : {};
  if (status !== 'Actual') {
    records.nothing('test');
    return;
  }
  if (messageType === 'Ack' || messageType === 'Error') {
    records.nothing('acknowledgement');
    return;
  }
  const checked = feature.safeParse(raw.value);
  if (!checked.success) {
    records.fail('validate', 'FW402', `NWS alert: ${firstIssue(checked.error, raw.value)}`, raw.bytes());
    return;
  }
  const { properties, geometry } = checked.data;
  const hazards = (properties.parameters?.VTEC ?? []).map(readVtec).filter((vtec) => vtec !== null);
  const live = hazards.filter(({ operational }) => operational);
  if (hazards.length > 0 && live.length === 0) {
    records.nothing('test');
    return;
  }
  const { heardAt } = document;
  if (timeOfEvent(properties.sent, 'instant', heardAt, settings.maxFutureMs) === null) {
    records.fail(
      'validate',
      'FW403',
      futureReason(properties.sent, heardAt, settings.maxFutureMs),
      raw.bytes(),
    );
    return;
  }
  const zones = zonesOf(properties, geometry, settings);
  for (const vtec of live.length === 0 ? [null] : live) {
    const id = live.length < 2 ? properties.id : `${properties.id}#${vtec?.event}`;
    const alert = weatherAlert.safeParse(
      alertOf(properties, vtec, { id, heardAt, zones, source: records.provenance(null) }, live.length > 1),
    );
    if (alert.success) records.push({ type: 'weather', value: alert.data });
    else records.fail('validate', 'FW402', `NWS alert: ${firstIssue(alert.error, null)}`, raw.bytes());
  }
};

/**
 * Times of a feature that speaks of several hazards are those of the first of them, so there each VTEC's own come before.
 * Onset: `onset`, else `effective`, else the VTEC's beginning, else `sent`. End: `ends`, else the VTEC's end, else
 * `eventEndingTime`, else `expires` (when the message, not the hazard, is over: "until further notice"), and never
 * before the onset.
 */
const alertOf = (
  properties: Properties,
  vtec: Vtec | null,
  base: Pick<WeatherAlert, 'id' | 'heardAt' | 'source' | 'zones'>,
  isOneOfSeveral: boolean,
): WeatherAlert => {
  const own = isOneOfSeveral ? vtec : null;
  const onsetAt =
    own?.beginsAt ?? properties.onset ?? properties.effective ?? vtec?.beginsAt ?? properties.sent;
  const ending = Date.parse(properties.parameters?.eventEndingTime?.[0] ?? '');
  const endsAt =
    own?.endsAt ??
    properties.ends ??
    vtec?.endsAt ??
    (Number.isNaN(ending) ? null : ending) ??
    properties.expires ??
    onsetAt;
  return {
    ...base,
    at: properties.sent,
    alertId: properties.id,
    hazardId:
      vtec === null
        ? (earliestReference(properties) ?? properties.id)
        : hazardIdOf(vtec, properties.sent, referredSentAt(properties)),
    messageType: messageTypes[properties.messageType] ?? 'alert',
    vtecAction: vtec?.action ?? null,
    event: properties.event,
    severity: wordOf(severities, properties.severity),
    certainty: wordOf(certainties, properties.certainty),
    onsetAt,
    endsAt: Math.max(endsAt, onsetAt),
    headline: (properties.headline ?? '').slice(0, 4_000),
    references: properties.references.map(({ identifier }) => identifier),
  };
};

const messageTypes: Readonly<Record<string, WeatherAlert['messageType']>> = {
  Alert: 'alert',
  Update: 'update',
  Cancel: 'cancel',
};
/**
 * UGC codes, also those that only `affectedZones` names, and SAME codes as `SAME:001073` beside them. Where there is none,
 * the counties that the shape meets. A shape always tells which of the customer's own places are met.
 */
const zonesOf = (
  { geocode, affectedZones }: Properties,
  geometry: unknown,
  { places }: DecoderSettings,
): string[] => {
  const zones = new Set(geocode?.UGC ?? []);
  for (const url of affectedZones) {
    const zone = url.slice(url.lastIndexOf('/') + 1);
    if (zone !== '') zones.add(zone);
  }
  for (const same of geocode?.SAME ?? []) for (const zone of zonesOfSame(same)) zones.add(zone);
  const area = places === undefined ? null : areaOfGeometry(geometry);
  const hasCodes = zones.size > 0;
  for (const zone of area === null ? [] : (places?.zonesIn(area) ?? []))
    if (!hasCodes || zone.startsWith('PLACE:')) zones.add(zone);
  return [...zones];
};

const referredSentAt = ({ references }: Properties): readonly number[] =>
  references.map(({ sent }) => Date.parse(sent ?? '')).filter((at) => !Number.isNaN(at));

/** Without VTEC the chain is known by its first alert, so every update must name it, as the NWS does. */
const earliestReference = ({ references }: Properties): string | null => {
  let earliest: { readonly identifier: string; readonly sentAt: number } | null = null;
  for (const { identifier, sent } of references) {
    const read = Date.parse(sent ?? '');
    const sentAt = Number.isNaN(read) ? Number.POSITIVE_INFINITY : read;
    if (earliest === null || sentAt < earliest.sentAt) earliest = { identifier, sentAt };
  }
  return earliest?.identifier ?? null;
};
