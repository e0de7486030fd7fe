import { z } from 'zod';
import { orderLine } from './order.ts';
import { currency, id, instant } from './schema.ts';

/**
 * What of one order rides on one shipment: order and allocation joined. `lines` hold the allocated quantity and its
 * share of the line's value; none are left when the order was cancelled or allocated elsewhere.
 */
export const shipmentOrder = z.object({
  /** Made of shipment and order: the latest row of an id counts. */
  id,
  at: instant,
  heardAt: instant,
  shipmentId: id,
  orderId: id,
  customerId: id,
  currency,
  lines: z.array(orderLine),
});
export type ShipmentOrder = z.infer<typeof shipmentOrder>;
