import type { Identifier, Place } from '../../../domain/event.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { airStandard, airWaybill } from '../air-waybill.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { Decode, DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import { readIsoTime } from '../iso-time.ts';
import {
  decodeJson,
  elementsOf,
  type JsonObject,
  type JsonRecord,
  memberOf,
  objectOf,
} from '../json-record.ts';
import { trackingId } from '../natural-key.ts';
import { placeWith } from '../place-with.ts';
import { zoneAtAirport } from '../stop-zone.ts';
import { tell } from '../told-event.ts';
import { localName, member, textOf, typesOf } from './linked-data.ts';

/**
 * LogisticsEvents of IATA ONE Record 2.x and 3.x in JSON-LD: one event, a collection of them, a `@graph`, or an array. Events
 * that are planned, expected, estimated or requested are estimates.
 */
export const decodeOneRecord: Decode = (document, settings) =>
  decodeJson(document, 'one-record/1', unfold, (record, records) =>
    decodeEvent(record, records, document, settings),
  ).list;

const unfold = (whole: JsonRecord): readonly JsonRecord[] => {
  const object = objectOf(whole.value);
  if (object === null) return elementsOf(whole.value, whole.bytes);
  const key = Object.keys(object).find((one) => ['hasItem', '@graph'].includes(localName(one)));
  if (key === undefined) return typesOf(object).includes('Collection') ? [] : [whole];
  const items = memberOf(whole, key);
  return items === null ? [whole] : elementsOf(items.value, items.bytes);
};

const decodeEvent = (
  record: JsonRecord,
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const refuse = (reason: string): void =>
    records.fail('validate', 'FW402', `ONE Record event: ${reason}`, record.bytes());
  const event = objectOf(record.value);
  if (event === null) return refuse('it is no object');
  if (!typesOf(event).includes('LogisticsEvent')) {
    return refuse(`@type: ${typesOf(event).join(', ').slice(0, 80) || 'nothing'} is no LogisticsEvent`);
  }
  const partner = settings.partners[document.source] ?? {};
  const place = placeOfEvent(event);
  const zone = zoneAtAirport(place, document.heardAt, { partner, settings });
  const codeText = codeOf(event);
  if (codeText === null) return refuse('eventCode: it is missing');
  const when = textOf(member(event, 'eventDate'));
  const moment = when === null ? null : readIsoTime(when, zone);
  if (moment === null) return refuse(`eventDate: "${(when ?? '').slice(0, 40)}" is no date and time`);
  const identifiers = identifiersOf(event, partner);
  if (identifiers.length === 0) return refuse('eventFor: nothing says which shipment it is about');
  const created = textOf(member(event, 'creationDate'));
  const kind = localName(textOf(member(event, 'eventTimeType')) ?? 'ACTUAL').toUpperCase();
  const iri = textOf(event['@id']);
  const status = localName(codeText).toUpperCase();
  const code = { standard: airStandard, status, reason: null };
  const key = { shipmentId: null, identifiers, ...code, when: `${kind} ${moment.at}`, place };
  tell(
    {
      ...code,
      id: iri === null ? trackingId(key) : stableId('one-record', iri),
      list: null,
      identifiers,
      carrier: partner.scac ?? null,
      moment,
      saidAt: created === null ? null : (readIsoTime(created, zone)?.at ?? null),
      toCome: kind !== 'ACTUAL',
      place,
      text: textFor(event),
      temperatureC: null,
      retracts: null,
    },
    { records, document, settings, partner, name: 'ONE Record event', bytes: record.bytes },
  );
};

/** `…/StatusCode#DEP`, `DEP`, or a CodeListElement with a `code`. */
const codeOf = (event: JsonObject): string | null => {
  const value = member(event, 'eventCode');
  const element = objectOf(value);
  return textOf(value) ?? (element === null ? null : textOf(member(element, 'code')));
};

const identifiersOf = (event: JsonObject, partner: PartnerSettings): Identifier[] => {
  const target = member(event, 'eventFor') ?? member(event, 'linkedObject');
  const object = objectOf(Array.isArray(target) ? target[0] : target);
  if (object === null) return [];
  const waybill = objectOf(member(object, 'waybill')) ?? object;
  const prefix = textOf(member(waybill, 'waybillPrefix'));
  const number = textOf(member(waybill, 'waybillNumber'));
  const names: Identifier[] = [];
  if (prefix !== null && number !== null && /^\d{3}$/.test(prefix) && /^\d{8}$/.test(number)) {
    names.push(airWaybill(prefix, number, partner));
  }
  // The object's own address names it too, for plans that were made of ONE Record.
  const iri = textOf(object['@id']);
  const address = iri === null ? null : /^https?:\/\/([^/]+)\/.*?([^/?#]+)\/?$/.exec(iri);
  if (address !== null) {
    names.push({ issuer: address[1]!.slice(0, 60), kind: 'tracking', value: address[2]!.slice(0, 80) });
  }
  return names;
};

const placeOfEvent = (event: JsonObject): Place | null => {
  const location = objectOf(member(event, 'eventLocation') ?? member(event, 'recordedAtLocation'));
  if (location === null) return null;
  const codes = member(location, 'locationCodes') ?? member(location, 'locationCode');
  const first: unknown = Array.isArray(codes) ? codes[0] : codes;
  const element = objectOf(first);
  const code = textOf(first) ?? (element === null ? null : textOf(member(element, 'code')));
  return placeWith({ locationId: code === null ? null : localName(code) });
};

const textFor = (event: JsonObject): string | null => {
  const partial = member(event, 'partialEventIndicator') === true ? 'part of the consignment' : null;
  const parts = [textOf(member(event, 'eventName')), partial].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('; ');
};
