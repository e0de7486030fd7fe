import type { Identifier, Place } from '../../../domain/event.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import { readShipmentStatus, type ShipmentStatus, type StatusLine } from './shipment-status-214.ts';
import type { TransactionContext } from './transaction-context.ts';
import { TransactionEvents } from './transaction-events.ts';

/** Statuses that happen at the consignee's or the shipper's door, so that the party's address is the stop. */
const consigneeCodes = ['CN', 'ST', 'UC'];
const shipperCodes = ['SH', 'SF'];
const stopParties: Readonly<Partial<Record<TrackingEvent['status'], readonly string[]>>> = {
  delivered: consigneeCodes,
  delivery_attempted: consigneeCodes,
  picked_up: shipperCodes,
};

/** 1650 codes that tell a day to come, though they are no estimate: the last free day. */
const aheadCodes = new Set(['DE']);

/** 1650 codes that estimate something on the way: out of the carrier's terminal, and into it. */
const expected: Readonly<Record<string, TrackingEvent['status']>> = { C1: 'departed', B6: 'arrived' };

/** References of a transaction that its events go by, the first ones; a shipment is asked for by fewer. */
const NAMES_KEPT = 64;

/** A 214: each AT7 is a status, an appointment or both; each Q7 is trouble at the last status of its loop. */
export const decodeShipmentStatus = (from: TransactionContext): void => {
  const { transaction, records, bytes, partner } = from;
  const content = readShipmentStatus(transaction.segments, transaction.element);
  if ('broken' in content) {
    records.fail('decode', 'FW401', `transaction set 214: ${content.broken}`, bytes);
    return;
  }
  const events = new TransactionEvents(from, partner.standard ?? 'x12-214', content.scac);
  let number = 0;
  for (const { references, statuses, troubles } of content.loops) {
    // Thousands of references beside thousands of statuses would be millions of names.
    const ofLoop = [...content.references, ...references].slice(0, NAMES_KEPT);
    const ofLine = (line: StatusLine | undefined): Identifier[] =>
      events.identifiersOf(...ofLoop, line?.equipment ?? null);
    for (const line of statuses) {
      number += 1;
      sayLine(events, content, `AT7 number ${number}`, line, ofLine(line));
    }
    const last = statuses.at(-1);
    for (const { code, pieces } of troubles) {
      events.say({
        name: `Q7 ${code}`,
        list: '33',
        code,
        reason: null,
        stamp: last?.stamp ?? null,
        place: last?.place ?? null,
        placeOf: (status) => stopOf(content, status),
        identifiers: ofLine(last),
        text: pieces,
      });
    }
  }
  if (content.loops.every(({ statuses, troubles }) => statuses.length + troubles.length === 0)) {
    const reason = 'it has neither AT7 nor Q7, so it says nothing about its shipment';
    events.problems.add('validate', 'FW402', reason);
  }
  events.problems.flush();
};

const sayLine = (
  events: TransactionEvents,
  content: ShipmentStatus,
  name: string,
  line: StatusLine,
  identifiers: readonly Identifier[],
): void => {
  const { status, statusReason, appointment, appointmentReason, stamp, place, remark } = line;
  if (status === '' && appointment === '') {
    events.problems.add('validate', 'FW402', `${name} has neither status nor appointment code`);
    return;
  }
  const placeOf = (meant: TrackingEvent['status']): Place | null => stopOf(content, meant);
  if (status !== '') {
    const reason = statusReason === '' ? null : statusReason;
    const ahead = aheadCodes.has(status);
    events.say({
      name,
      list: '1650',
      code: status,
      reason,
      stamp,
      place,
      placeOf,
      identifiers,
      ahead,
      expects: expected[status] ?? null,
      text: remark,
    });
  }
  if (appointment !== '') {
    const reason = appointmentReason === '' ? null : appointmentReason;
    // A constraint is no appointment, and its time lies ahead all the same.
    const ahead = true;
    events.say({
      name,
      list: '1652',
      code: appointment,
      reason,
      stamp,
      place,
      placeOf,
      identifiers,
      ahead,
      text: remark,
    });
  }
};

const stopOf = ({ parties }: ShipmentStatus, status: TrackingEvent['status']): Place | null => {
  for (const code of stopParties[status] ?? []) {
    const place = parties.get(code);
    if (place !== undefined) return place;
  }
  return null;
};
