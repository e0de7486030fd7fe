import { directory } from '../../../domain/directory.ts';
import { inquiry } from '../../../domain/inquiry.ts';
import { allocation, order } from '../../../domain/order.ts';
import { shipmentOfReply } from '../../../domain/reply-name.ts';
import { checked, type Reader, withId } from './checked-record.ts';

/** Why the names are no names: the first that is there already, with its path; null where each is there once. */
const repeated = (path: string, field: string, names: readonly string[]): string | null => {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) return `${path}.${index}.${field}: "${name}" is there already; name each once`;
    seen.add(name);
  }
  return null;
};

/** An answer to an e-mail of ours need not name its shipment. */
const withShipment = (record: Record<string, unknown>): Record<string, unknown> => {
  const { shipmentId, inReplyTo } = record;
  if (shipmentId !== undefined || typeof inReplyTo !== 'string') return record;
  const known = shipmentOfReply(inReplyTo);
  return known === null ? record : { ...record, shipmentId: known };
};

/** What a customer ordered, on which shipments it rides, whom to tell about it, and who asked. */
export const orderReaders = {
  order: (record, context) => {
    const result = checked(order, record, context);
    if ('code' in result) return result;
    const { orderId, at, lines } = result.value;
    const reason = repeated(
      'lines',
      'lineId',
      lines.map(({ lineId }) => lineId),
    );
    if (reason !== null) return { code: 'FW402', reason };
    return { type: 'order', value: withId(result.value, 'order', orderId, at) };
  },
  allocation: (record, context) => {
    const result = checked(allocation, record, context);
    if ('code' in result) return result;
    const { orderId, shipmentId, at } = result.value;
    return { type: 'allocation', value: withId(result.value, 'allocation', orderId, shipmentId, at) };
  },
  directory: (record, context) => {
    const result = checked(directory, record, context);
    if ('code' in result) return result;
    const { customerId, at, contacts } = result.value;
    const reason = repeated(
      'contacts',
      'id',
      contacts.map(({ id }) => id),
    );
    if (reason !== null) return { code: 'FW402', reason };
    return { type: 'directory', value: withId(result.value, 'directory', customerId, at) };
  },
  inquiry: (record, context) => {
    const result = checked(inquiry, withShipment(record), context);
    if ('code' in result) return result;
    const { shipmentId, at, channel, reference, inReplyTo } = result.value;
    return {
      type: 'inquiry',
      value: withId(result.value, 'inquiry', shipmentId, at, channel, reference, inReplyTo),
    };
  },
} satisfies Readonly<Record<string, Reader>>;
