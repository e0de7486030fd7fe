import type { Allocation, Order } from './order.ts';
import { sameContent } from './same-content.ts';
import type { ShipmentOrder } from './shipment-order.ts';
import { stableId } from './stable-id.ts';

/** What is known of one order: its latest version, and of each shipment the latest allocation. */
export interface AllocatedOrder {
  readonly order: Order | null;
  /** By shipment. */
  readonly allocations: Readonly<Record<string, Allocation>>;
}

export const unknownOrder: AllocatedOrder = { order: null, allocations: {} };

interface Version {
  readonly at: number;
  readonly heardAt: number;
}

/** What happened later counts, whichever was heard first; of two from the same moment, the one that was heard later. */
const isOlder = (one: Version, known: Version | null | undefined): boolean =>
  known !== null &&
  known !== undefined &&
  (one.at !== known.at ? one.at < known.at : one.heardAt < known.heardAt);

export const withOrder = (state: AllocatedOrder, order: Order): AllocatedOrder =>
  isOlder(order, state.order) ? state : { order, allocations: state.allocations };

/**
 * Takes an allocation, and forgets those that were heard before `keepFrom`: an order that is called off for years has
 * only so many shipments under way.
 */
export const withAllocation = (
  state: AllocatedOrder,
  allocation: Allocation,
  keepFrom: number,
): AllocatedOrder => {
  const { shipmentId } = allocation;
  if (isOlder(allocation, state.allocations[shipmentId])) return state;
  const kept = Object.entries(state.allocations).filter(
    ([id, { heardAt }]) => id !== shipmentId && heardAt >= keepFrom,
  );
  // In one order, whatever came first, so that sums of them are the same to the last bit.
  const allocations = [...kept, [shipmentId, allocation] as const].sort(([a], [b]) => (a < b ? -1 : 1));
  return { order: state.order, allocations: Object.fromEntries(allocations) };
};

/** How much of each line, by its id; a line that is named twice counts with both. */
const quantitiesOf = (allocations: readonly Allocation[]): ReadonlyMap<string, number> => {
  const quantities = new Map<string, number>();
  for (const { lines } of allocations) {
    for (const { lineId, quantity } of lines)
      quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity);
  }
  return quantities;
};

/**
 * What of an order rides on each of its shipments. A line's value goes with its quantity, rounded towards zero: 10 pieces
 * worth 100.00, 3 on A and 4 on B → 30.00 and 40.00; 3 pieces worth 1.00, one on each of three → 0.33 each, and
 * a cent nowhere. Where more is allocated than was ordered, the shares are those of what is allocated, so that all of
 * them together are never worth more than the line. Lines that the order does not have wait until it has them.
 */
export const shipmentOrdersOf = ({
  order,
  allocations,
}: AllocatedOrder): ReadonlyMap<string, ShipmentOrder> => {
  const rows = new Map<string, ShipmentOrder>();
  if (order === null) return rows;
  const allocated = quantitiesOf(Object.values(allocations));
  for (const [shipmentId, allocation] of Object.entries(allocations)) {
    const here = quantitiesOf([allocation]);
    const lines = order.cancelled
      ? []
      : order.lines.flatMap((line) => {
          const quantity = here.get(line.lineId) ?? 0;
          if (quantity === 0) return [];
          const whole = Math.max(line.quantity, allocated.get(line.lineId) ?? 0);
          return [{ ...line, quantity, valueMinor: shareOf(line.valueMinor, quantity / whole) }];
        });
    rows.set(shipmentId, {
      id: stableId('shipment-order', shipmentId, order.orderId),
      at: Math.max(order.at, allocation.at),
      heardAt: Math.max(order.heardAt, allocation.heardAt),
      shipmentId,
      orderId: order.orderId,
      customerId: order.customerId,
      currency: order.currency,
      lines,
    });
  }
  return rows;
};

// `+ 0`: what is less than a cent of a credit is 0, not the -0 that JSON would give back as 0.
const shareOf = (valueMinor: number, share: number): number => Math.trunc(valueMinor * share) + 0;

/** Rows of `after` that say something else than `before` did; a shipment without lines is news only where it had some. */
export const changedShipmentOrders = (
  before: AllocatedOrder,
  after: AllocatedOrder,
): readonly ShipmentOrder[] => {
  if (before === after) return [];
  const said = shipmentOrdersOf(before);
  return [...shipmentOrdersOf(after)].flatMap(([shipmentId, row]) => {
    const last = said.get(shipmentId);
    const isNews = last === undefined ? row.lines.length > 0 : !sameContent(last, row);
    return isNews ? [row] : [];
  });
};
