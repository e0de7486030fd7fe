import { meaningOf } from '../../../domain/code-mapping.ts';
import { allocation, type Allocation } from '../../../domain/order.ts';
import { stableId } from '../../../domain/stable-id.ts';
import { futureReason, timeOfEvent } from '../event-time.ts';
import { firstIssue } from '../first-issue.ts';
import { momentOf } from './moment.ts';
import { readShipNotice } from './ship-notice-856.ts';
import type { TransactionContext } from './transaction-context.ts';
import { TransactionEvents } from './transaction-events.ts';

const STANDARD = 'x12-856';
/** Element 374 that a notice tells something by: shipped, and the times of delivery that are estimated or scheduled. */
const times = new Set(['011', '017', '067', '371']);

/**
 * An 856 says which lines of which orders ride on a shipment: an allocation for each purchase order (empty once the
 * notice is cancelled), and information about the shipment: that it was announced, when it was shipped, when it is expected.
 * BSN-02 is the shipment; it is the carrier who names the events, by TD5.
 */
export const decodeShipNotice = (from: TransactionContext): void => {
  const { transaction, records, bytes, document, settings, partner } = from;
  const notice = readShipNotice(transaction.segments, transaction.element);
  if ('broken' in notice) {
    records.fail('decode', 'FW401', `transaction set 856: ${notice.broken}`, bytes);
    return;
  }
  const events = new TransactionEvents(from, STANDARD, notice.scac);
  const { problems } = events;
  const { shipment, purpose, said } = notice;
  const identifiers = events.identifiersOf(...notice.references);
  events.say({
    name: 'BSN',
    list: '353',
    code: purpose,
    reason: null,
    stamp: said,
    place: null,
    identifiers,
  });
  for (const { qualifier, stamp } of notice.times) {
    if (!times.has(qualifier)) continue;
    const name = `DTM ${qualifier}`;
    events.say({ name, list: '374', code: qualifier, reason: null, stamp, place: null, identifiers });
  }
  const dialect = partner.partner ?? null;
  const isCancelled =
    meaningOf(settings.mappings, {
      standard: STANDARD,
      partner: dialect,
      status: purpose,
      reason: null,
      statusList: '353',
    }).status === 'cancelled';
  const moment = momentOf(said, null, partner, settings);
  const { heardAt } = document;
  const at = moment === null ? null : timeOfEvent(moment.at, moment.precision, heardAt, settings.maxFutureMs);
  if (moment !== null && at === null && notice.orders.size > 0)
    problems.add('validate', 'FW403', `BSN: ${futureReason(moment.at, heardAt, settings.maxFutureMs)}`);
  for (const [orderId, lines] of at === null ? [] : notice.orders) {
    const row: Allocation = {
      id: stableId('allocation', orderId, shipment, at, purpose),
      at: at ?? heardAt,
      heardAt,
      source: records.provenance(settings.mappings.label(STANDARD, dialect)),
      orderId,
      shipmentId: shipment,
      lines: isCancelled ? [] : [...lines],
    };
    const checked = allocation.safeParse(row);
    if (checked.success) records.push({ type: 'allocation', value: row });
    else problems.add('validate', 'FW402', `order ${orderId}: ${firstIssue(checked.error, row)}`);
  }
  if (notice.strayItems > 0)
    problems.add('validate', 'FW402', `${notice.strayItems} items stand below no order (PRF)`);
  for (const quantity of notice.unread)
    problems.add('validate', 'FW402', `SN1: "${quantity}" is no quantity`);
  problems.flush();
};
