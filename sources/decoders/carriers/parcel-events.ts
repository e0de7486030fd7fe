import { meaningOf } from '../../../domain/code-mapping.ts';
import type { Identifier } from '../../../domain/event.ts';
import { trackingEvent, type TrackingEvent } from '../../../domain/tracking-event.ts';
import type { DecodedRecords } from '../decoded-records.ts';
import type { DecoderSettings, PartnerSettings, RawDocument } from '../decoder.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import type { Moment } from '../iso-time.ts';
import { trackingId } from '../natural-key.ts';
import type { CarrierReply, ScanAt } from './carrier-reply.ts';
import { codesOfScan } from './codes-of-scan.ts';
import { identifiersOf } from './parcel-identifiers.ts';
import { errorsOf } from './reply-errors.ts';
import { momentAt, placeAt } from './scan-moment.ts';
import { firstText, textAt, valuesAt } from './tree.ts';

export interface ReplyContext {
  readonly records: DecodedRecords;
  readonly reply: CarrierReply;
  readonly document: RawDocument;
  readonly settings: DecoderSettings;
  readonly partner: PartnerSettings;
  /** Of one value of the document. */
  readonly bytesOf: (value: unknown) => Uint8Array;
}

interface Parcel {
  readonly identifiers: Identifier[];
  readonly carrier: string;
}

/** After these the parcel is not expected any more. */
const ended: ReadonlySet<TrackingEvent['status']> = new Set(['delivered', 'returned', 'cancelled']);

/** The events of one parcel, in the order of the document. A scan that cannot be used fails alone. */
export const emitParcel = (from: ReplyContext, value: unknown): void => {
  const { records, reply } = from;
  if (reply.test !== undefined && reply.test.is.includes(textAt(value, reply.test.path) ?? '')) {
    records.nothing('test');
    return;
  }
  const kind = reply.only === undefined ? null : textAt(value, reply.only.path);
  if (kind !== null && !reply.only?.is.includes(kind)) {
    records.nothing('acknowledgement');
    return;
  }
  const errors = errorsOf(value, reply, 'parcel');
  for (const words of errors) records.fail('validate', 'FW415', words, from.bytesOf(value));
  // An empty element, or null, is a list without scans; anything else is a scan, usable or not.
  const scans = reply.scans
    .flatMap((path) => valuesAt(value, path))
    .filter((scan) => scan !== null && scan !== '');
  const summary = scans.length > 0 || reply.summary === undefined ? null : reply.summary;
  const saysSomething = scans.length > 0 || (summary !== null && codesAreIn(value, summary));
  if (errors.length > 0 && !saysSomething) return;
  const parcel = parcelOf(from, value);
  if (parcel === null) {
    const reason = `${reply.name}: no tracking number says which parcel it is about`;
    records.fail('validate', 'FW402', reason, from.bytesOf(value));
    return;
  }
  const said = new Set<TrackingEvent['status']>();
  const emit = (scan: unknown, at: ScanAt): void => {
    const status = emitScan(from, parcel, scan, at);
    if (status !== null) said.add(status);
  };
  for (const scan of scans) emit(scan, reply.scan);
  if (summary !== null && saysSomething) emit(value, summary);
  if (![...said].some((status) => ended.has(status))) emitEstimate(from, parcel, value);
  if (errors.length === 0 && !saysSomething && said.size === 0 && !hasEstimate(from, value))
    records.nothing('heartbeat');
};

const codesAreIn = (value: unknown, { status }: ScanAt): boolean =>
  status.some(({ path }) => textAt(value, path) !== null);

const hasEstimate = ({ reply }: ReplyContext, value: unknown): boolean =>
  (reply.estimates ?? []).some(({ date }) => textAt(value, date) !== null);

const parcelOf = ({ reply, partner }: ReplyContext, value: unknown): Parcel | null => {
  const named = firstText(value, reply.carrierAt ?? []);
  const carrier = partner.scac ?? (named === null ? reply.carrier : carrierName(named));
  const identifiers = identifiersOf(value, reply, carrier);
  return identifiers.length === 0 ? null : { identifiers, carrier };
};

/** Aggregators spell a carrier in many ways: `canada-post`, `CanadaPost` and `canada_post` are `CANADAPOST`. */
const carrierName = (text: string): string => {
  const bare = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return sameCarrier[bare] ?? bare;
};

/** Names under which an aggregator sells a carrier that goes by another name itself. */
const sameCarrier: Readonly<Record<string, string>> = {
  DHLEXPRESS: 'DHL',
  STAMPSCOM: 'USPS',
  ENDICIA: 'USPS',
};

/** The status of the event, or null where it failed. */
const emitScan = (
  from: ReplyContext,
  parcel: Parcel,
  scan: unknown,
  at: ScanAt,
): TrackingEvent['status'] | null => {
  const { records, reply, document, settings, partner } = from;
  const fail = (code: 'FW402' | 'FW403', reason: string): null => {
    records.fail('validate', code, `${reply.name}: ${reason}`, from.bytesOf(scan));
    return null;
  };
  const standard = partner.standard ?? reply.standard;
  const dialect = partner.partner ?? null;
  const codes = codesOfScan(scan, at, { mappings: settings.mappings, standard, partner: dialect });
  if (codes === null) return fail('FW402', 'a scan has no code of what happened');
  const place = placeAt(scan, at.place);
  const moment = momentAt(scan, at.times, { at: at.place, of: scan, reply, partner, settings });
  if (moment === null)
    return fail('FW402', `scan ${codes.status}: ${shownTime(scan, at)} is no date and time`);
  const happenedAt = timeOfEvent(moment.at, moment.precision, document.heardAt, settings.maxFutureMs);
  if (happenedAt === null) {
    const reason = futureReason(moment.at, document.heardAt, settings.maxFutureMs);
    return fail('FW403', `scan ${codes.status}: ${reason}`);
  }
  const meaning = meaningOf(settings.mappings, { standard, partner: dialect, ...codes });
  const code = { standard, status: codes.status, reason: codes.reason };
  const when = `${moment.precision} ${moment.at}`;
  return push(from, scan, {
    ...meaning,
    id: trackingId({ shipmentId: null, identifiers: parcel.identifiers, ...code, when, place }),
    at: happenedAt,
    heardAt: document.heardAt,
    source: records.provenance(settings.mappings.label(standard, dialect)),
    shipmentId: null,
    identifiers: parcel.identifiers,
    carrier: parcel.carrier,
    code,
    place,
    leg: null,
    milestone: null,
    estimatedAt: null,
    text: firstText(scan, at.text ?? [])?.slice(0, 1_000) ?? null,
    temperatureC: null,
    zoneSource: moment.zoneSource,
    precision: moment.precision,
    expects: null,
    retracts: null,
  });
};

const shownTime = (scan: unknown, { times }: ScanAt): string => {
  const [time] = times;
  if (time === undefined) return 'nothing';
  const parts = [textAt(scan, time.date), time.time === undefined ? null : textAt(scan, time.time)];
  return `"${parts
    .filter((part) => part !== null)
    .join(' ')
    .slice(0, 60)}"`;
};

/** Said when the carrier last changed its reply, and never after it was heard; without that, when it was heard. */
const emitEstimate = (from: ReplyContext, parcel: Parcel, value: unknown): void => {
  const { records, reply, document, settings, partner } = from;
  if (!hasEstimate(from, value)) return;
  const read = { at: reply.destination, of: value, reply, partner, settings };
  const expected = momentAt(value, reply.estimates ?? [], read);
  if (expected === null) {
    const shown = firstText(
      value,
      (reply.estimates ?? []).map(({ date }) => date),
    );
    const reason = `${reply.name}: the expected delivery "${shown?.slice(0, 60)}" is no date`;
    records.fail('validate', 'FW402', reason, from.bytesOf(value));
    return;
  }
  const said: Moment | null = momentAt(value, reply.saidAt ?? [], read);
  const saidAt = Math.min(said?.at ?? document.heardAt, document.heardAt);
  const standard = partner.standard ?? reply.standard;
  const place = placeAt(value, reply.destination);
  // Without a time of its saying, the same estimate heard again is the same event.
  const when = `${expected.precision} ${expected.at} ${said?.at ?? ''}`.trim();
  const key = {
    shipmentId: null,
    identifiers: parcel.identifiers,
    standard,
    status: 'estimate',
    reason: null,
    when,
    place,
  };
  push(from, value, {
    id: trackingId(key),
    at: saidAt,
    heardAt: document.heardAt,
    source: records.provenance(null),
    shipmentId: null,
    identifiers: parcel.identifiers,
    carrier: parcel.carrier,
    status: 'estimate',
    cause: 'none',
    effect: 'none',
    party: 'none',
    category: 'eta_update',
    code: null,
    place,
    leg: null,
    milestone: null,
    estimatedAt: expected.at,
    text: null,
    temperatureC: null,
    zoneSource: expected.zoneSource,
    precision: expected.precision,
    expects: null,
    retracts: null,
  });
};

const push = (from: ReplyContext, of: unknown, event: TrackingEvent): TrackingEvent['status'] | null => {
  const checked = trackingEvent.safeParse(event);
  if (checked.success) {
    from.records.push({ type: 'tracking', value: event });
    return event.status;
  }
  const reason = `${from.reply.name}: ${firstIssue(checked.error, event)}`;
  from.records.fail('validate', 'FW402', reason, from.bytesOf(of));
  return null;
};
