import { airStandard, airWaybill } from '../air-waybill.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, DecoderSettings, RawDocument } from '../decoder.ts';
import { trackingId } from '../natural-key.ts';
import { placeWith } from '../place-with.ts';
import { zoneAtAirport } from '../stop-zone.ts';
import { tell } from '../told-event.ts';
import { momentOf, readElements, type StatusElements } from './status-elements.ts';
import { type Consignment, readMessages, type StatusLine, type StatusMessage } from './status-message.ts';

/**
 * Cargo-IMP FSU and FSA: an event for each status line. A line that cannot be used is a failure with header, consignment,
 * itself and what is remarked of it, so that it can be mended and played again. Acknowledgements (FMA, FNA) are accounted
 * for, other messages refused.
 */
export const decodeCargoImp: Decode = (document, settings) => {
  const records = new DecodedRecords(document, 'cargo-imp/1');
  const { list, headless } = readMessages(Buffer.from(document.bytes).toString('latin1'));
  if (list.length === 0) {
    records.fail('decode', 'FW401', 'no line is the header of a message, such as FSU/12', document.bytes);
  } else if (headless[0] !== undefined) {
    const reason = `no header of a message, such as FSU/12, before "${headless[0].slice(0, 60)}"`;
    records.fail('decode', 'FW401', reason, bytesOf(headless));
  }
  for (const message of list) decodeMessage(message, records, document, settings);
  return records.list;
};

const bytesOf = (lines: readonly string[]): Uint8Array => Buffer.from(lines.join('\n'), 'latin1');

const decodeMessage = (
  message: StatusMessage,
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const { type, consignments } = message;
  const whole = (): Uint8Array => bytesOf([message.header, ...message.lines]);
  if (type === 'FMA' || type === 'FNA') return records.nothing('acknowledgement');
  if (type !== 'FSU' && type !== 'FSA') {
    return records.fail('decode', 'FW405', `message ${type} of Cargo-IMP is not taken`, whole());
  }
  if (message.strays.length > 0 || consignments.length === 0) {
    const stray = message.strays[0] === undefined ? '' : ` before "${message.strays[0].slice(0, 60)}"`;
    const bytes = bytesOf([message.header, ...message.strays]);
    records.fail('validate', 'FW402', `${type}: no air waybill, such as 057-12345675,${stray}`, bytes);
  }
  for (const consignment of consignments) {
    if (consignment.statuses.length === 0) {
      const name = `${consignment.prefix}-${consignment.number}`;
      records.fail('validate', 'FW402', `${type}: air waybill ${name} has no status`, whole());
    }
    for (const status of consignment.statuses) {
      decodeStatus({ message, consignment, status }, records, document, settings);
    }
  }
};

interface Line {
  readonly message: StatusMessage;
  readonly consignment: Consignment;
  readonly status: StatusLine;
}

/** Their date is that of the flight, which may be days ahead: it was said when it was heard. */
const ofTheFlight: ReadonlySet<string> = new Set(['BKD', 'PRE', 'MAN', 'TRM']);

const decodeStatus = (
  { message, consignment, status }: Line,
  records: DecodedRecords,
  document: RawDocument,
  settings: DecoderSettings,
): void => {
  const bytes = (): Uint8Array => bytesOf([message.header, ...consignment.lines, ...status.lines]);
  const name = `${message.type} ${status.code}`;
  const partner = settings.partners[document.source] ?? {};
  const { heardAt } = document;
  const read = readElements(status.elements);
  const airport = status.code === 'ARR' ? (read.to ?? read.from) : read.from;
  const place = placeWith({ locationId: airport });
  const dated = momentOf(read, heardAt, zoneAtAirport(place, heardAt, { partner, settings }));
  if (dated === null) {
    return records.fail('validate', 'FW402', `${name}: no date, such as 12MAR1730`, bytes());
  }
  const moment = ofTheFlight.has(status.code) ? { ...dated, at: Math.min(dated.at, heardAt) } : dated;
  const identifiers = [airWaybill(consignment.prefix, consignment.number, partner)];
  const code = { standard: airStandard, status: codeOf(status, read), reason: null };
  const when = [dated.precision, dated.at, read.flight, read.pieces].filter(Boolean).join(' ');
  tell(
    {
      ...code,
      id: trackingId({ shipmentId: null, identifiers, ...code, when, place }),
      list: null,
      identifiers,
      carrier: partner.scac ?? read.airline,
      moment,
      saidAt: null,
      toCome: false,
      place,
      text: textOf([...consignment.remarks, ...status.remarks], read),
      temperatureC: null,
      retracts: null,
    },
    { records, document, settings, partner, name, bytes },
  );
};

/** A discrepancy says in a code of its own what is wrong: `DIS_MSCA`, as ONE Record has it. */
const codeOf = ({ code }: StatusLine, { discrepancy }: StatusElements): string =>
  code === 'DIS' && discrepancy !== null ? `DIS_${discrepancy}` : code;

const textOf = (remarks: readonly string[], { flight, pieces }: StatusElements): string | null => {
  const partial = pieces !== null && !pieces.startsWith('T') ? `part of the consignment ${pieces}` : null;
  const parts = [flight === null ? null : `flight ${flight}`, partial, ...remarks].filter(Boolean);
  return parts.length === 0 ? null : parts.join('; ');
};
