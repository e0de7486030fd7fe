import { type Allocation, allocation, type Order, order } from '../../domain/order.ts';

const source = { feed: 'erp', document: 'd', position: 0, decoder: 'canonical/1', mapping: null };
export const DUE_AT = 1_000_000;

/** `quantities` and `values` by line. */
export const orderOf = (
  at: number,
  lines: Readonly<Record<string, readonly [quantity: number, valueMinor: number]>>,
  changes: Partial<Order> = {},
): Order =>
  order.parse({
    id: `order-${at}`,
    at,
    heardAt: at,
    source,
    orderId: 'O1',
    customerId: 'acme',
    lines: Object.entries(lines).map(([lineId, [quantity, valueMinor]]) => ({
      lineId,
      quantity,
      valueMinor,
      dueAt: DUE_AT,
    })),
    ...changes,
  });

export const allocationOf = (
  at: number,
  shipmentId: string,
  quantities: Readonly<Record<string, number>>,
  changes: Partial<Allocation> = {},
): Allocation =>
  allocation.parse({
    id: `allocation-${at}`,
    at,
    heardAt: at,
    source,
    orderId: 'O1',
    shipmentId,
    lines: Object.entries(quantities).map(([lineId, quantity]) => ({ lineId, quantity })),
    ...changes,
  });
