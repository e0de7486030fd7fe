import type { Identifier, Place } from '../../../domain/event.ts';
import { stableId } from '../../../domain/stable-id.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { Decode, DecoderSettings, RawDocument } from '../decoder.ts';
import { firstIssue } from '../first-issue.ts';
import type { Moment } from '../iso-time.ts';
import {
  decodeJson,
  elementsOf,
  type JsonObject,
  type JsonRecord,
  memberOf,
  objectOf,
} from '../json-record.ts';
import { degrees, placeWith } from '../place-with.ts';
import { tell, type TellingContext } from '../told-event.ts';
import { entityType, type GttEvent, gttEvent, gttProcess } from './entity.ts';

const STANDARD = 'sap-gtt';

/**
 * Replies of SAP Global Track and Trace (Business Network): events that were reported (arrival, departure, delay …), bare or
 * inside the directory that ties them to what was planned, and tracked processes with the state that SAP gave them. Lists of
 * codes belong to no shipment.
 */
export const decodeSapGtt: Decode = (document, settings) =>
  decodeJson(document, 'sap-gtt/1', unfold, (record, records) =>
    decodeEntity(record, records, document, settings),
  ).list;

const unfold = (whole: JsonRecord): readonly JsonRecord[] => {
  const d = memberOf(whole, 'd') ?? whole;
  const results = memberOf(d, 'results');
  return results === null ? elementsOf(d.value, d.bytes) : elementsOf(results.value, results.bytes);
};

const decodeEntity = (
  record: JsonRecord,
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const partner = settings.partners[document.source] ?? {};
  const { bytes } = record;
  const context: TellingContext = {
    records,
    document,
    settings,
    partner,
    name: `SAP ${entityType(record.value) ?? 'entity'}`,
    bytes,
  };
  const object = objectOf(record.value);
  if (object === null) {
    records.fail('validate', 'FW402', 'SAP entity: it is no object', bytes());
  } else if (entityType(object) === 'ProcessEventDirectory') decodeEvent(object['event'], context);
  else if ('eventType' in object) decodeEvent(object, context);
  else if ('processStatus_code' in object) decodeProcess(object, context);
  else if (entityType(object) !== null && isCode(object)) records.nothing('unrelated');
  else records.fail('validate', 'FW402', `${context.name}: neither event, state nor code`, bytes());
};

/** An element of a list of codes, such as `EventStatus`. An event that has lost its type or its name is none. */
const isCode = (object: JsonObject): boolean =>
  typeof object['code'] === 'string' && !('id' in object) && !('trackingId' in object);

const decodeEvent = (value: unknown, context: TellingContext): void => {
  const { records, partner, document } = context;
  const checked = gttEvent.safeParse(value);
  if (!checked.success) {
    const reason = `${context.name}: ${firstIssue(checked.error, value)}`;
    return records.fail('validate', 'FW402', reason, context.bytes());
  }
  const event = checked.data;
  const happenedAt = event.actualBusinessTimestamp ?? event.creationDateTime;
  if (happenedAt === null) {
    const reason = `${context.name}: actualBusinessTimestamp: it is no time, such as /Date(1599200262501)/`;
    return records.fail('validate', 'FW402', reason, context.bytes());
  }
  const status = event.eventType.slice(event.eventType.lastIndexOf('.') + 1);
  // A delay is dated by when the work will be done; it was told when it was written.
  const isDelay = status === 'Delay';
  const estimate = isDelay ? lastEstimate(event) : null;
  const toldAt = isDelay ? Math.min(event.creationDateTime ?? happenedAt, happenedAt) : happenedAt;
  tell(
    {
      id: stableId(STANDARD, event.id),
      standard: STANDARD,
      list: estimate === null ? 'event' : 'estimate',
      status,
      reason: event.eventReasonCode,
      identifiers: [nameOf(event, document.source)],
      carrier: partner.scac ?? null,
      moment: exactly(estimate ?? toldAt),
      saidAt: toldAt,
      toCome: estimate !== null,
      place: placeOf(event),
      text: event.eventReasonText,
      temperatureC: null,
      retracts: null,
    },
    context,
  );
};

const decodeProcess = (value: unknown, context: TellingContext): void => {
  const { records, partner, document } = context;
  const checked = gttProcess.safeParse(value);
  if (!checked.success) {
    const reason = `${context.name}: ${firstIssue(checked.error, value)}`;
    return records.fail('validate', 'FW402', reason, context.bytes());
  }
  const process = checked.data;
  const { lastChangeDateTime: changedAt, processStatus_code: status } = process;
  if (changedAt === null) {
    const reason = `${context.name}: lastChangeDateTime: it is no time, such as /Date(1599200262501)/`;
    return records.fail('validate', 'FW402', reason, context.bytes());
  }
  tell(
    {
      id: stableId(STANDARD, process.id, changedAt, status),
      standard: STANDARD,
      list: 'process',
      status,
      reason: null,
      identifiers: [nameOf(process, document.source)],
      carrier: partner.scac ?? null,
      moment: exactly(changedAt),
      saidAt: null,
      toCome: false,
      place: null,
      text: null,
      temperatureC: null,
      retracts: null,
    },
    context,
  );
};

const exactly = (at: number): Moment => ({ at, precision: 'instant', zoneSource: 'utc' });

const nameOf = (
  { logicalSystem, partyId, trackingId }: Pick<GttEvent, 'logicalSystem' | 'partyId' | 'trackingId'>,
  source: string,
): Identifier => ({
  issuer: (logicalSystem ?? partyId ?? source).slice(0, 60),
  kind: 'tms',
  value: trackingId,
});

/** Of a delay that names the arrival at several stops, the last. */
const lastEstimate = ({ estimatedArrival }: GttEvent): number | null =>
  (estimatedArrival?.results ?? []).reduce<number | null>(
    (last, { estimatedArrivalTime: at }) => (at === null ? last : Math.max(at, last ?? at)),
    null,
  );

const placeOf = ({ latitude, longitude, locationAltKey }: GttEvent): Place | null =>
  placeWith({
    latitude: degrees(latitude, 90),
    longitude: degrees(longitude, 180),
    locationId: locationAltKey?.split(':').at(-1) ?? null,
  });
