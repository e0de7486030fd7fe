import { Random } from './random.ts';
import type { Shipment } from './shipment.ts';

const hourMs = 3_600_000;
const iso = (t: number): string => new Date(t).toISOString();

/** When a line is due, against the promise of its shipment: a few before it, most of them after. */
const dueHours = { from: -3, to: 36 } as const;

interface OrderedLine {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly valueMinor: number;
  readonly dueAt: string;
}

export interface SimulatedOrder {
  readonly orderId: string;
  readonly lines: readonly OrderedLine[];
}

/** The whole in parts by weight, to the last cent: 100 by 1, 1, 1 → 33, 33, 34. */
const shared = (whole: number, weights: readonly number[]): readonly number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = weights.map((weight) => Math.floor((whole * weight) / total));
  const left = whole - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, i) => (i === parts.length - 1 ? part + left : part));
};

/** What the customer ordered that rides on a shipment: one to three orders, whose lines are worth what it is worth. */
export const ordersOf = (seed: number, shipment: Shipment): readonly SimulatedOrder[] => {
  const random = new Random(seed, 'orders', shipment.number);
  const sizes = Array.from({ length: random.integer(1, 3) }, () => random.integer(1, 3));
  const lines = sizes.flatMap((size) => Array.from({ length: size }, (_, i) => i + 1));
  const values = shared(
    shipment.valueMinor,
    lines.map(() => random.between(1, 5)),
  );
  let next = 0;
  return sizes.map((size, order) => ({
    orderId: `ord-${String(shipment.number).padStart(8, '0')}-${order + 1}`,
    lines: Array.from({ length: size }, (_, line) => ({
      lineId: String(line + 1),
      sku: `SKU-${random.integer(1_000, 1_399)}`,
      quantity: random.integer(1, 40),
      valueMinor: values[next++] ?? 0,
      dueAt: iso(shipment.promisedAt + random.integer(dueHours.from, dueHours.to) * hourMs),
    })),
  }));
};

export const orderRecord = (shipment: Shipment, { orderId, lines }: SimulatedOrder): object => ({
  type: 'order',
  id: `order-${orderId}`,
  at: iso(shipment.createdAt),
  orderId,
  customerId: shipment.customerId,
  currency: 'USD',
  lines,
});

/** All of the order rides on the shipment. */
export const allocationRecord = (shipment: Shipment, { orderId, lines }: SimulatedOrder): object => ({
  type: 'allocation',
  id: `allocation-${orderId}`,
  at: iso(shipment.createdAt),
  orderId,
  shipmentId: shipment.id,
  lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
});
