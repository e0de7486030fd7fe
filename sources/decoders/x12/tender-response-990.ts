import { referenceOf, type Reference } from './references.ts';
import { cutSegments } from './segment.ts';
import type { TransactionContext } from './transaction-context.ts';
import { TransactionEvents } from './transaction-events.ts';

const read = new Set(['B1', 'N9', 'L11', 'K1']);

/**
 * X12 990 (Response to a Load Tender), read by segment: B1 carrier, shipment, date and answer (element 558) · N9 and L11
 * references · K1 remark. An accepted tender is information; a declined or cancelled one leaves the shipment without a
 * carrier. It was said at the group's date and time; B1-03, a date alone, only where the group has none.
 */
export const decodeTenderResponse = (from: TransactionContext): void => {
  const { transaction, records, bytes } = from;
  const cut = cutSegments(transaction.segments, transaction.element, read, 'B1');
  if ('broken' in cut) {
    records.fail('decode', 'FW401', `transaction set 990: ${cut.broken}`, bytes);
    return;
  }
  const references: (Reference | null)[] = [];
  const remarks: string[] = [];
  let [scac, answer, date] = ['', '', ''];
  for (const segment of cut.segments) {
    const value = (i: number): string => segment.value(i);
    if (segment.id === 'B1') {
      [scac, date, answer] = [value(1), value(3), value(4).toUpperCase()];
      if (value(2) !== '') references.push({ kind: 'shipper_reference', value: value(2) });
    } else if (segment.id === 'N9') references.push(referenceOf(value(1), value(2)));
    else if (segment.id === 'L11') references.push(referenceOf(value(2), value(1)));
    else remarks.push(`${value(1)} ${value(2)}`.trim());
  }
  const events = new TransactionEvents(from, 'x12-990', scac);
  if (answer === '') events.problems.add('validate', 'FW402', 'its B1 has no answer (element 558)');
  else
    events.say({
      name: 'B1',
      list: '558',
      code: answer,
      reason: null,
      stamp: transaction.groupDate === '' && date !== '' ? { date, time: '', timeCode: '' } : null,
      place: null,
      identifiers: events.identifiersOf(...references),
      text: remarks.join(' ').slice(0, 1_000) || null,
    });
  events.problems.flush();
};
