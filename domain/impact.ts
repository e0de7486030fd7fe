import { z } from 'zod';
import type { Effect } from './codes.ts';
import { currency, id, instant, minorUnits } from './schema.ts';
import type { ShipmentOrder } from './shipment-order.ts';
import type { Signal } from './signal.ts';

/** An order line that rides on a shipment, and how late it will be by what is expected now. */
export const lineAtRisk = z.object({
  orderId: id,
  lineId: id,
  customerId: id,
  quantity: z.number().min(0),
  valueMinor: minorUnits,
  dueAt: instant,
  /** Expected arrival minus due, in minutes; 0 when in time, null while nobody knows an arrival. */
  lateMin: z.number().min(0).nullable(),
});
export type LineAtRisk = z.infer<typeof lineAtRisk>;

/** What hangs on an exception downstream: the sum of its lines. */
export const impact = z
  .object({
    orders: z.int().min(0).meta({ column: 'UInt32' }),
    lines: z.int().min(0).meta({ column: 'UInt32' }),
    /** Late by what is expected now; of goods that do not come whole, all that ride on the shipment. */
    linesLate: z.int().min(0).meta({ column: 'UInt32' }),
    /** Of the lines that count as late, in the currency of the orders. */
    valueLateMinor: minorUnits,
    currency: currency.nullable(),
    customers: z.array(z.string()),
    /** When the first of the late lines is due: from then on the customer feels it. */
    firstDueAt: instant.nullable(),
    worstLateMin: z.number().nullable(),
  })
  .default({
    orders: 0,
    lines: 0,
    linesLate: 0,
    valueLateMinor: 0,
    currency: null,
    customers: [],
    firstDueAt: null,
    worstLateMin: null,
  });
export type Impact = z.infer<typeof impact>;

export interface Downstream {
  readonly impact: Impact;
  readonly lines: readonly LineAtRisk[];
}

const notWhole: ReadonlySet<Effect> = new Set(['lost', 'damaged', 'short']);

/** What has happened to the goods: they will not be there as ordered when they are due, however early they come. */
export const comesWhole = ({ kind, effect }: Pick<Signal, 'kind' | 'effect'>): boolean =>
  kind === 'predicted' || !notWhole.has(effect);

/** Lines that an exception names one by one; its sums count all. */
const LINES_NAMED = 200;

/**
 * Which orders and lines an exception will hit, when, and how much. Expected at 18:00, line A due 12:00 and line B due
 * 20:00 → A is 360 minutes late and counts, B is in time. Lost, damaged or short: both count, since nobody says which line
 * it is. Sums are in one currency: the first order's; lines in another are named and not summed.
 */
export const downstreamOf = (
  orders: readonly ShipmentOrder[],
  expectedAt: number | null,
  isWhole = true,
): Downstream => {
  const currencyOfAll = orders[0]?.currency ?? null;
  const lines: LineAtRisk[] = [];
  let valueLateMinor = 0;
  let linesLate = 0;
  let firstDueAt: number | null = null;
  let worstLateMin: number | null = null;
  let count = 0;
  for (const { orderId, customerId, lines: own, currency: ownCurrency } of orders) {
    for (const { lineId, quantity, valueMinor, dueAt } of own) {
      count += 1;
      const lateMin = expectedAt === null ? null : Math.max(0, (expectedAt - dueAt) / 60_000);
      lines.push({ orderId, lineId, customerId, quantity, valueMinor, dueAt, lateMin });
      if (isWhole && (lateMin ?? 0) === 0) continue;
      linesLate += 1;
      if (ownCurrency === currencyOfAll) valueLateMinor += valueMinor;
      firstDueAt = Math.min(firstDueAt ?? Infinity, dueAt);
      if (lateMin !== null) worstLateMin = Math.max(worstLateMin ?? 0, lateMin);
    }
  }
  return {
    impact: {
      orders: orders.length,
      lines: count,
      linesLate,
      valueLateMinor,
      currency: currencyOfAll,
      customers: [...new Set(orders.map(({ customerId }) => customerId))].sort(),
      firstDueAt,
      worstLateMin,
    },
    lines: lines.slice(0, LINES_NAMED),
  };
};
