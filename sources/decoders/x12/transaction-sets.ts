import { decodeTenderResponse } from './tender-response-990.ts';
import { decodeLoadTender } from './tender-plan.ts';
import { decodeOceanStatus } from './ocean-status-315.ts';
import { decodeShipNotice } from './notice-events.ts';
import { decodeShipmentStatus } from './status-events.ts';
import { decodeTerminalActivity } from './terminal-activity-322.ts';
import type { TransactionContext } from './transaction-context.ts';

/** How each transaction set is read that says something about shipments; 997 and 999 are about what we sent. */
const readers: Readonly<Record<string, (from: TransactionContext) => void>> = {
  '204': decodeLoadTender,
  '214': decodeShipmentStatus,
  '315': decodeOceanStatus,
  '322': decodeTerminalActivity,
  '856': decodeShipNotice,
  '990': decodeTenderResponse,
};

export const readerOfSet = (set: string): ((from: TransactionContext) => void) | undefined =>
  Object.hasOwn(readers, set) ? readers[set] : undefined;

/** What sets are for that partners send beside those, so that a failure says what was not taken. */
const others: Readonly<Record<string, string>> = {
  '110': 'air freight invoice',
  '210': 'motor freight invoice',
  '211': 'motor carrier bill of lading',
  '300': 'ocean booking request',
  '301': 'ocean booking confirmation',
  '303': 'ocean booking cancellation',
  '304': 'ocean shipping instructions',
  '309': 'customs manifest',
  '310': 'ocean bill of lading',
  '404': 'rail bill of lading',
  '410': 'rail freight invoice',
  '417': 'rail waybill',
  '810': 'invoice',
  '824': 'application advice',
  '850': 'purchase order',
  '855': 'purchase order acknowledgement',
  '864': 'text message',
  '940': 'warehouse shipping order',
  '945': 'warehouse shipping advice',
};

/** `transaction set 210 (motor freight invoice) is not taken`. */
export const notTaken = (set: string): string => {
  const about = others[set];
  return `transaction set ${set}${about === undefined ? '' : ` (${about})`} is not taken`;
};
