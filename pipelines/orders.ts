import {
  type AllocatedOrder,
  changedShipmentOrders,
  unknownOrder,
  withAllocation,
  withOrder,
} from '../domain/allocate-lines.ts';
import type { ShipmentOrder } from '../domain/shipment-order.ts';
import { keyedProcess, rowsOf } from '../operators/keyed-process.ts';
import { pipeline } from '../runtime/pipeline.ts';
import { allocations, orders as orderTopic, shipmentOrders } from './topics.ts';

/** An order of which nothing was heard for so long is forgotten, and so is what it has allocated to a shipment. */
const KEPT_DAYS = 180;
const KEPT_MS = KEPT_DAYS * 86_400_000;

/**
 * Orders meet their allocations, whichever comes first, and each shipment learns what of an order rides on it. A row is
 * written only when it says something else than the last one: order at 1, allocation to A at 2, the same order again
 * at 3, cancelled at 4 → a row for A at 2, and one without lines at 4. State: one order and its allocations a key.
 */
export const orders = () =>
  pipeline('orders', { from: { orders: orderTopic, allocations } }, (from) => {
    const allocated = keyedProcess('allocate', {
      inputs: { orders: from.orders.keyBy('orderId'), allocations: from.allocations.keyBy('orderId') },
      emits: rowsOf<ShipmentOrder>(),
      initial: unknownOrder as AllocatedOrder,
      ttl: `${KEPT_DAYS}d`,
      on: {
        orders: (order, context) => advance(withOrder(context.state, order), context),
        allocations: (allocation, context) =>
          advance(withAllocation(context.state, allocation, context.now - KEPT_MS), context),
      },
    });
    // Its rows are keyed by order; the log places them by shipment.
    return [allocated.to(shipmentOrders)];
  });

const advance = (
  after: AllocatedOrder,
  context: {
    readonly state: AllocatedOrder;
    readonly set: (state: AllocatedOrder) => void;
    readonly emit: (row: ShipmentOrder) => void;
  },
): void => {
  const changed = changedShipmentOrders(context.state, after);
  context.set(after);
  changed.forEach(context.emit);
};
