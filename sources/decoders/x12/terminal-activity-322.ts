import type { Place } from '../../../domain/event.ts';
import { placeOfCity, placeOfR4 } from './places.ts';
import { aheadCodes157, stopAmong, type PortStop } from './port-stops.ts';
import { equipmentOf, referenceOf, type Reference } from './references.ts';
import { cutSegments, type Segment } from './segment.ts';
import type { TransactionContext } from './transaction-context.ts';
import { TransactionEvents } from './transaction-events.ts';
import { vesselOf } from './vessel-text.ts';

const read = new Set(['Q5', 'N7', 'N9', 'V1', 'Q2', 'R4']);

/** One N7 and what belongs to it. */
interface Unit {
  readonly references: (Reference | null)[];
  readonly statuses: Segment[];
}

/**
 * X12 322 (Terminal Operations and Intermodal Ramp Activity), read by segment: Q5 status (element 157) with reason, time
 * and place · N7 equipment, each with its own N9 references and Q5 · V1 or Q2 vessel · R4 ports. A Q5 before the first
 * N7 is said of every piece of equipment that has none of its own.
 */
export const decodeTerminalActivity = (from: TransactionContext): void => {
  const { transaction, records, bytes } = from;
  const cut = cutSegments(transaction.segments, transaction.element, read, null);
  if ('broken' in cut) {
    records.fail('decode', 'FW401', `transaction set 322: ${cut.broken}`, bytes);
    return;
  }
  const shared: Unit = { references: [], statuses: [] };
  const units: Unit[] = [];
  const stops: PortStop[] = [];
  let scac = '';
  let vessel: string | null = null;
  for (const segment of cut.segments) {
    const value = (i: number): string => segment.value(i);
    const unit = units.at(-1) ?? shared;
    switch (segment.id) {
      case 'Q5':
        unit.statuses.push(segment);
        break;
      case 'N7':
        units.push({ references: [equipmentOf(value(1), value(2), value(18))], statuses: [] });
        scac ||= /^[A-Z]{2,4}$/.test(value(12)) ? value(12) : '';
        break;
      case 'N9':
        unit.references.push(referenceOf(value(1), value(2)));
        break;
      case 'V1':
        vessel ??= vesselOf(value(2), value(1), value(4));
        break;
      case 'Q2':
        vessel ??= vesselOf(value(13), value(1), value(9));
        break;
      case 'R4':
        stops.push({ port: value(1), place: placeOfR4(segment), expected: [] });
        break;
      default:
    }
  }
  const events = new TransactionEvents(from, 'x12-322', scac);
  let number = 0;
  for (const { references, statuses } of units.length === 0 ? [shared] : units) {
    for (const q5 of statuses.length === 0 ? shared.statuses : statuses) {
      const value = (i: number): string => q5.value(i);
      const code = value(1).toUpperCase();
      if (code === '') continue;
      number += 1;
      const own = references.some((one) => one !== null) ? null : equipmentOf(value(9), value(10), '');
      const named: Place | null = placeOfCity(value(6), value(7), value(8));
      events.say({
        name: `Q5 number ${number}`,
        list: '157',
        code,
        reason: value(5) || null,
        stamp: { date: value(2), time: value(3), timeCode: value(4) },
        place: named,
        placeOf: (status) => stopAmong(stops, null, status),
        identifiers: events.identifiersOf(own, ...references, ...shared.references),
        ahead: aheadCodes157.has(code),
        text: vessel,
      });
    }
  }
  if (number === 0) events.problems.add('validate', 'FW402', 'no Q5 says what happened');
  events.problems.flush();
};
