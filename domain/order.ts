import { z } from 'zod';
import { eventBase } from './event.ts';
import { currency, id, instant, minorUnits } from './schema.ts';

export const orderLine = z.object({
  lineId: id,
  sku: z.string().max(120).default(''),
  quantity: z.number().min(0),
  /** Of the whole line. */
  valueMinor: minorUnits.default(0),
  /** When the customer needs it. */
  dueAt: instant,
});

/** What a customer ordered. A later one of the same id replaces it. */
export const order = eventBase.extend({
  orderId: id,
  customerId: id,
  currency: currency.default('USD'),
  lines: z.array(orderLine).min(1),
  cancelled: z.boolean().default(false),
});
export type Order = z.infer<typeof order>;

/** Which lines of an order ride on a shipment, and how much of each. A later one of the same pair replaces it. */
export const allocation = eventBase.extend({
  orderId: id,
  shipmentId: id,
  /** Empty: nothing of the order rides on this shipment any more. */
  lines: z.array(z.object({ lineId: id, quantity: z.number().min(0) })),
});
export type Allocation = z.infer<typeof allocation>;
