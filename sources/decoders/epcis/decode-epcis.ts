import { stableId } from '../../../domain/stable-id.ts';
import type { Place } from '../../../domain/event.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { Decode, DecoderSettings, RawDocument } from '../decoder.ts';
import { firstIssue } from '../first-issue.ts';
import { offsetOf, readIsoTime, type Zone } from '../iso-time.ts';
import { decodeJson, elementsOf, type JsonRecord, memberOf, objectOf } from '../json-record.ts';
import { degrees, placeWith } from '../place-with.ts';
import { zoneAt } from '../stop-zone.ts';
import { tell } from '../told-event.ts';
import { cbvWord } from './cbv-word.ts';
import { type EpcisEvent, epcisEvent } from './epcis-event.ts';
import { namesOf } from './epcis-names.ts';
import { placeKey } from './gs1-key.ts';
import { type Reading, readingOf } from './sensor-reading.ts';

const STANDARD = 'epcis';

/**
 * EPCIS 2.0 in JSON-LD: an EPCISDocument, an EPCISQueryDocument, a bare event, or an array of events. Each stands alone. An event
 * with an error declaration takes back the event with its id, or with its content where it has none; what corrects it comes as
 * events of its own. An event about single items that names no logistic unit and no order belongs to no shipment.
 */
export const decodeEpcis: Decode = (document, settings) =>
  decodeJson(document, 'epcis/1', unfold, (record, records) =>
    decodeEvent(record, records, document, settings),
  ).list;

const unfold = (whole: JsonRecord): readonly JsonRecord[] => {
  const body = memberOf(whole, 'epcisBody');
  if (body === null) return elementsOf(whole.value, whole.bytes);
  const results = memberOf(body, 'queryResults');
  const holder = results === null ? body : (memberOf(results, 'resultsBody') ?? results);
  const events = memberOf(holder, 'eventList') ?? memberOf(holder, 'event');
  return events === null ? [whole] : elementsOf(events.value, events.bytes);
};

const decodeEvent = (
  record: JsonRecord,
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const refuse = (reason: string): void =>
    records.fail('validate', 'FW402', `EPCIS event: ${reason}`, record.bytes());
  const checked = epcisEvent.safeParse(record.value);
  if (!checked.success) return refuse(firstIssue(checked.error, record.value));
  const event = checked.data;
  const partner = settings.partners[document.source] ?? {};
  const reading = readingOf(event.sensorElementList);
  const place = placeOf(event, reading);
  const zone: Zone = event.eventTimeZoneOffset
    ? { zone: offsetOf(event.eventTimeZoneOffset), zoneSource: 'event' }
    : zoneAt(place, document.heardAt, { partner, settings });
  const moment = readIsoTime(event.eventTime, zone);
  if (moment === null) return refuse(`eventTime: "${event.eventTime.slice(0, 40)}" is no date and time`);
  const shipments = namesOf(event);
  if (shipments.length === 0) return records.nothing('unrelated');
  const base = event.eventID ?? contentOf(record.value);
  const { errorDeclaration: error } = event;
  const context = { records, document, settings, partner, name: 'EPCIS event', bytes: record.bytes };
  shipments.forEach((identifiers, index) => {
    const id = stableId(STANDARD, document.source, base, index);
    const shared = {
      standard: STANDARD,
      list: 'bizStep',
      identifiers,
      carrier: partner.scac ?? null,
      saidAt: null,
      toCome: false,
      place,
    };
    if (!error) {
      const status = event.bizStep ? cbvWord('bizStep', event.bizStep) : null;
      const reason = reasonOf(event, reading, settings);
      const { temperatureC, text } = reading;
      tell({ ...shared, id, status, reason, moment, text, temperatureC, retracts: null }, context);
      return;
    }
    const declared = readIsoTime(error.declarationTime, zone);
    if (declared === null) return refuse('errorDeclaration.declarationTime: it is no date and time');
    const corrections = error.correctiveEventIDs.length;
    tell(
      {
        ...shared,
        id: stableId(STANDARD, 'retraction', id, declared.at),
        status: null,
        reason: error.reason ? cbvWord('error', error.reason) : null,
        moment: declared,
        text: corrections === 0 ? null : `corrected by ${error.correctiveEventIDs.join(', ')}`,
        temperatureC: null,
        retracts: id,
      },
      context,
    );
  });
};

/** Why: what the disposition says went wrong, else what a sensor says, else the disposition. */
const reasonOf = (event: EpcisEvent, reading: Reading, { mappings }: DecoderSettings): string | null => {
  const word = event.disposition ? cbvWord('disposition', event.disposition) : null;
  if (reading.exception === null) return word;
  const key = { standard: STANDARD, partner: null, list: 'disposition', agency: null, code: word ?? '' };
  return (mappings.find(key)?.category ?? null) === null ? reading.exception : word;
};

/** Where a sensor says it was, else the read point, else the business location: a GLN, or coordinates as a `geo:` URI. */
const placeOf = ({ readPoint, bizLocation }: EpcisEvent, { position }: Reading): Place | null => {
  const uri = readPoint?.id ?? bizLocation?.id;
  if (uri === undefined) return position === null ? null : placeWith(position);
  const geo = /^geo:([\d.+-]+),([\d.+-]+)/i.exec(uri);
  if (geo !== null) {
    return placeWith({ latitude: degrees(geo[1], 90), longitude: degrees(geo[2], 180), ...position });
  }
  return placeWith({ locationId: placeKey(uri) ?? uri.slice(0, 200), ...position });
};

/** The content of an event without what its declaration of error adds, with keys in order: the same for both. */
const contentOf = (value: unknown): string => {
  const { errorDeclaration: _error, recordTime: _recorded, ...content } = objectOf(value) ?? {};
  return JSON.stringify(content, (_key, part: unknown) => {
    const object = objectOf(part);
    return object === null
      ? part
      : Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
};
