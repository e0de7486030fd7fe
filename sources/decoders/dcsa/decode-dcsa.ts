import { versionedId } from '../../../domain/event-version.ts';
import { portCall, type PortCall } from '../../../domain/port-call.ts';
import { stableId } from '../../../domain/stable-id.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { Decode, DecoderSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { type Moment, readIsoTime } from '../iso-time.ts';
import { decodeJson, elementsOf, type JsonRecord, memberOf, objectOf } from '../json-record.ts';
import { zoneAt } from '../stop-zone.ts';
import { tell, type TellingContext } from '../told-event.ts';
import { classOf, type DcsaClass, type DcsaEvent, dcsaEvent } from './dcsa-event.ts';
import { documentTypeOf, identifiersOf } from './dcsa-identifiers.ts';
import { placeOfEvent } from './dcsa-place.ts';
import { stepOfCall } from './dcsa-port-call.ts';
import { reeferText, temperatureOf } from './dcsa-reefer.ts';

const STANDARD = 'dcsa';

/**
 * DCSA Track & Trace: one event, an array of them, or `{ "events": [ … ] }`, as it is posted and as a GET answers. Each stands
 * alone. Planned and estimated events are estimates; operations events at anchor or berth are steps of a port call, and the
 * others that name no shipment belong to none.
 */
export const decodeDcsa: Decode = (document, settings) =>
  decodeJson(document, 'dcsa/1', unfold, (record, records) =>
    decodeEvent(record, records, document, settings),
  ).list;

const unfold = (whole: JsonRecord): readonly JsonRecord[] => {
  const events = memberOf(whole, 'events') ?? memberOf(whole, 'event') ?? whole;
  return elementsOf(events.value, events.bytes);
};

const decodeEvent = (
  record: JsonRecord,
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const object = objectOf(record.value);
  if (object !== null && 'feedbackElements' in object && !('eventID' in object)) {
    records.nothing('acknowledgement');
    return;
  }
  const refuse = (reason: string): void =>
    records.fail('validate', 'FW402', `DCSA event: ${reason}`, record.bytes());
  const checked = dcsaEvent.safeParse(record.value);
  if (!checked.success) return refuse(firstIssue(checked.error, record.value));
  const event = checked.data;
  const partner = settings.partners[document.source] ?? {};
  const place = placeOfEvent(event);
  const zone = zoneAt(place, document.heardAt, { partner, settings });
  const carrier = partner.scac ?? partyOf(event);
  const thread = stableId(STANDARD, document.source, event.eventID);
  const identifiers = identifiersOf(event, carrier ?? document.source);
  const updated = event.eventUpdatedDateTime ?? event.eventCreatedDateTime;
  const saidAt = updated === null ? null : (readIsoTime(updated, zone)?.at ?? null);
  const context: TellingContext = {
    records,
    document,
    settings,
    partner,
    name: 'DCSA event',
    bytes: record.bytes,
  };
  const shared = { standard: STANDARD, identifiers, carrier, saidAt, place };

  if (event.isRetracted === true) {
    if (identifiers.length === 0) return refuse('it is retracted, and names no shipment to tell');
    const heard: Moment = {
      at: Math.min(saidAt ?? document.heardAt, document.heardAt),
      precision: 'instant',
      zoneSource: 'utc',
    };
    const id = stableId(STANDARD, 'retraction', thread, saidAt);
    const codes = { list: null, status: null, reason: null };
    const words = { text: event.reason, temperatureC: null };
    tell({ ...shared, ...codes, ...words, id, moment: heard, toCome: false, retracts: thread }, context);
    return;
  }

  const what = classOf(event);
  if ('broken' in what) return refuse(what.broken);
  const moment = event.eventDateTime === null ? null : readIsoTime(event.eventDateTime, zone);
  if (moment === null) return refuse(`eventDateTime: "${event.eventDateTime ?? ''}" is no date and time`);
  const step = stepOfCall(event, what);
  if (step !== null) return pushCall({ ...step, id: thread }, moment, context);
  if (identifiers.length === 0) {
    if (what.kind === 'operations') return records.nothing('unrelated');
    return refuse('neither booking, bill, container nor reference says which shipment it is about');
  }
  // DCSA 3.0 overrides an event by one of the same id; before, an id had one version.
  const id = event.eventUpdatedDateTime !== null && saidAt !== null ? versionedId(thread, saidAt) : thread;
  const delays = event.transportDetails?.delayReasonCodes ?? [];
  const reason = delays[0] ?? event.delayReasonCode;
  tell(
    {
      ...shared,
      id,
      list: what.kind,
      status: qualified(what, event, context),
      reason,
      moment,
      toCome: what.toCome,
      text: textOf(event, delays),
      temperatureC: what.kind === 'reefer' && !what.toCome ? temperatureOf(event) : null,
      retracts: null,
    },
    context,
  );
};

const partyOf = ({ eventRouting }: DcsaEvent): string | null =>
  eventRouting?.originatingParty?.partyCode ?? eventRouting?.originatingParties?.[0]?.partyCode ?? null;

/**
 * A code means something else for an empty container, for a customs paper and for each service of a port call, where the mapping
 * says so: `GTIN/EMPTY`, `STRT/PILO`.
 */
const qualified = (
  { kind, code }: DcsaClass,
  event: DcsaEvent,
  { settings, partner }: TellingContext,
): string => {
  const qualifier = qualifierOf(kind, event);
  if (qualifier === null || qualifier === undefined) return code;
  const key = {
    standard: STANDARD,
    partner: partner.partner ?? null,
    list: kind,
    agency: null,
    code: `${code}/${qualifier}`,
  };
  return settings.mappings.find(key) === null ? code : key.code;
};

const qualifierOf = (kind: DcsaClass['kind'], event: DcsaEvent): string | null | undefined => {
  const { equipmentDetails } = event;
  if (kind === 'operations') return event.portCallServiceTypeCode;
  return kind === 'equipment'
    ? (equipmentDetails?.emptyIndicator ?? equipmentDetails?.emptyIndicatorCode ?? event.emptyIndicatorCode)
    : documentTypeOf(event);
};

const textOf = (event: DcsaEvent, delays: readonly string[]): string | null => {
  const also = delays.length > 1 ? `delay reasons ${delays.join(', ')}` : null;
  const parts = [event.reason ?? event.changeRemark ?? event.remark, also, reeferText(event)];
  return parts.filter((part) => part !== null).join('; ') || null;
};

const pushCall = (
  step: Pick<PortCall, 'id' | 'port' | 'vessel' | 'place' | 'change'>,
  moment: Moment,
  { records, document, settings, bytes }: TellingContext,
): void => {
  const { heardAt } = document;
  const at = timeOfEvent(moment.at, moment.precision, heardAt, settings.maxFutureMs);
  if (at === null) {
    const reason = futureReason(moment.at, heardAt, settings.maxFutureMs);
    records.fail('validate', 'FW403', `DCSA event: ${reason}`, bytes());
    return;
  }
  const value: PortCall = { ...step, at, heardAt, source: records.provenance(null) };
  const checked = portCall.safeParse(value);
  if (checked.success) records.push({ type: 'port_call', value });
  else records.fail('validate', 'FW402', `DCSA event: ${firstIssue(checked.error, value)}`, bytes());
};
