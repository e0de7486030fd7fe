import { describe, expect, it } from 'vitest';
import { shipmentOrder, type ShipmentOrder } from '../../domain/shipment-order.ts';
import { orders } from '../../pipelines/orders.ts';
import { MemoryRun } from '../../runtime/memory/memory-run.ts';
import { allocationOf, orderOf } from '../domain/sample-order.ts';
import { runKernel } from '../support/kernel-run.ts';

const day = 86_400_000;
const cancelled = orderOf(8, { a: [4, 100], b: [1, 7] }, { cancelled: true });
const story = [
  { topic: 'allocations', row: allocationOf(1, 'A', { a: 1 }) },
  { topic: 'orders', row: orderOf(2, { a: [4, 100] }) },
  { topic: 'allocations', row: allocationOf(3, 'B', { a: 2, b: 1 }) },
  { topic: 'orders', row: orderOf(4, { a: [4, 100] }) },
  { topic: 'orders', row: orderOf(5, { a: [4, 100], b: [1, 7] }) },
  { topic: 'allocations', row: allocationOf(6, 'A', {}) },
  { topic: 'allocations', row: allocationOf(0, 'B', { a: 4 }) },
  { topic: 'orders', row: cancelled },
].map((one, index) => ({ ...one, heardAt: index * 10 }));
const expected = [
  ['A', 10, { a: 25 }],
  ['B', 20, { a: 50 }],
  ['B', 40, { a: 50, b: 7 }],
  ['A', 50, {}],
  ['B', 70, {}],
];

const told = ({ shipmentId, lines }: ShipmentOrder, heardAt: number): unknown => [
  shipmentId,
  heardAt,
  Object.fromEntries(lines.map(({ lineId, valueMinor }) => [lineId, valueMinor])),
];

describe('orders', () => {
  it('tells each shipment what rides on it, only when that is another thing, before and after a restart', () => {
    for (let cut = 0; cut < story.length; cut += 1) {
      const { answers, failures } = runKernel(orders(), story, {
        endsAt: 1_000,
        rowsInBeat: 1 + (cut % 3),
        restarts: new Map([[cut, cut % 2 === 0 ? 'all' : 'deltas']]),
      });
      expect(failures).toEqual([]);
      expect(answers.map(({ row, heardAt }) => told(shipmentOrder.parse(row), heardAt))).toEqual(expected);
    }
  });

  it('forgets an order of which nothing was heard for half a year', () => {
    const first = story.slice(0, 2);
    const { sizes } = runKernel(orders(), first, { endsAt: 181 * day });
    expect([...sizes.values()].every((size) => size === 0)).toBe(true);
    expect([...runKernel(orders(), first, { endsAt: 179 * day }).sizes.values()]).toContain(1);
  });

  it('keeps orders apart, in whichever partition they lie', () => {
    const rows: ShipmentOrder[] = [];
    const run = new MemoryRun(orders(), {
      partitions: 3,
      onRows: (_, { size, body }) => {
        for (let index = 0; index < size; index += 1) rows.push(shipmentOrder.parse(body.row(index)));
      },
    });
    const orderIds = Array.from({ length: 50 }, (_, n) => `O${n}`);
    for (const orderId of orderIds) run.push('allocations', allocationOf(1, 'A', { a: 1 }, { orderId }));
    for (const orderId of orderIds) run.push('orders', orderOf(2, { a: [1, 9] }, { orderId }));
    run.end();
    expect(rows.map(({ orderId }) => orderId).toSorted()).toEqual(orderIds.toSorted());
    expect(new Set(rows.map(({ id }) => id)).size).toBe(50);
  });
});
