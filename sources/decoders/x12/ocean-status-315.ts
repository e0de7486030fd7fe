import type { Place } from '../../../domain/event.ts';
import type { TrackingEvent } from '../../../domain/tracking-event.ts';
import type { Stamp } from './moment.ts';
import { nowhere } from '../place-with.ts';
import { placeOfLocation, placeOfR4 } from './places.ts';
import { equipmentOf, referenceOf, type Reference } from './references.ts';
import { cutSegments, type Segment } from './segment.ts';
import { aheadCodes157, stopAmong, type PortStop } from './port-stops.ts';
import type { TransactionContext } from './transaction-context.ts';
import { TransactionEvents } from './transaction-events.ts';
import { vesselOf } from './vessel-text.ts';

const read = new Set(['B4', 'N9', 'Q2', 'V1', 'SG', 'R4', 'DTM']);

interface Said {
  readonly name: string;
  readonly code: string;
  readonly reason: string | null;
  readonly stamp: Stamp;
}

/**
 * X12 315 (Status Details, Ocean), read by segment: B4 status (element 157), time, place and container · N9 references ·
 * Q2 or V1 vessel · SG more statuses of the same container · R4 the ports of its way, each with its DTM times.
 * A time that a port is only expected at is an estimate of its own; one that happened is told by B4 or SG.
 */
export const decodeOceanStatus = (from: TransactionContext): void => {
  const { transaction, records, bytes } = from;
  const cut = cutSegments(transaction.segments, transaction.element, read, 'B4');
  if ('broken' in cut) {
    records.fail('decode', 'FW401', `transaction set 315: ${cut.broken}`, bytes);
    return;
  }
  const references: (Reference | null)[] = [];
  const said: Said[] = [];
  const stops: PortStop[] = [];
  let scac = '';
  let here: Place | null = null;
  let vessel: string | null = null;
  for (const segment of cut.segments) {
    const value = (i: number): string => segment.value(i);
    switch (segment.id) {
      case 'B4':
        references.push(equipmentOf(value(7), value(8), value(13)));
        here = placeOfLocation(value(12).toUpperCase(), value(11));
        if (value(3) !== '') said.push(saidBy(segment, 'B4', 3, null, 4, 5));
        break;
      case 'N9':
        if (value(1) === 'SCA' || value(1) === 'SC') scac ||= scacOf(value(2));
        references.push(referenceOf(value(1), value(2)));
        break;
      case 'Q2':
        vessel = vesselOf(value(13), value(1), value(9));
        break;
      case 'V1':
        vessel ??= vesselOf(value(2), value(1), value(4));
        scac ||= scacOf(value(5));
        break;
      case 'SG':
        if (value(1) !== '') said.push(saidBy(segment, `SG number ${said.length + 1}`, 1, 2, 4, 5));
        break;
      case 'R4':
        stops.push({ port: value(1), place: placeOfR4(segment), expected: [] });
        break;
      case 'DTM':
        stops.at(-1)?.expected.push({
          qualifier: value(1),
          stamp: { date: value(2), time: value(3), timeCode: value(4) },
        });
        break;
      default:
    }
  }
  const events = new TransactionEvents(from, 'x12-315', scac);
  const identifiers = events.identifiersOf(...references);
  const placeOf = (status: TrackingEvent['status']): Place | null => stopAmong(stops, here, status);
  for (const { name, code, reason, stamp } of said) {
    const ahead = aheadCodes157.has(code);
    const placed = name === 'B4' ? fuller(stops, here) : null;
    events.say({
      name,
      list: '157',
      code,
      reason,
      stamp,
      place: placed,
      placeOf,
      identifiers,
      ahead,
      text: vessel,
    });
  }
  for (const { port, place, expected } of stops) {
    for (const { qualifier, stamp } of expected) {
      if (!estimates.has(qualifier)) continue;
      const name = `DTM ${qualifier} of R4 ${port}`;
      events.say({
        name,
        list: '374',
        code: qualifier,
        reason: null,
        stamp,
        place,
        identifiers,
        expects: expectedAt(qualifier, port),
        text: vessel,
      });
    }
  }
  if (said.length === 0)
    events.problems.add('validate', 'FW402', 'neither its B4 nor an SG has a status code');
  events.problems.flush();
};

/** Element 374: estimated, estimated departure, estimated arrival. What was actual is a status, and said as one. */
const estimates = new Set(['139', '369', '371']);

/** A departure, or an arrival on the way; null where it is the end of it: element 115 `E`, the place of delivery. */
const expectedAt = (qualifier: string, port: string): TrackingEvent['status'] | null => {
  if (qualifier === '369') return 'departed';
  return port === 'E' ? null : 'arrived';
};

const saidBy = (
  segment: Segment,
  name: string,
  code: number,
  reason: number | null,
  date: number,
  time: number,
): Said => ({
  name,
  code: segment.value(code).toUpperCase(),
  reason: reason === null ? null : segment.value(reason) || null,
  stamp: { date: segment.value(date), time: segment.value(time), timeCode: '' },
});

const scacOf = (text: string): string => (/^[A-Z]{2,4}$/.test(text.toUpperCase()) ? text.toUpperCase() : '');

/** The same place as R4 has it, which also knows country and region. */
const fuller = (stops: readonly PortStop[], here: Place | null): Place | null => {
  if (here === null) return null;
  const same = stops.find(
    ({ place }) =>
      place !== null &&
      ((here.unlocode !== null && place.unlocode === here.unlocode) ||
        (here.city !== null && place.city?.toUpperCase() === here.city.toUpperCase())),
  )?.place;
  return same ?? { ...nowhere, ...here };
};
