import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AllocatedOrder,
  changedShipmentOrders,
  shipmentOrdersOf,
  unknownOrder,
  withAllocation,
  withOrder,
} from '../../domain/allocate-lines.ts';
import type { Allocation, Order } from '../../domain/order.ts';
import { sameContent } from '../../domain/same-content.ts';
import type { ShipmentOrder } from '../../domain/shipment-order.ts';
import { allocationOf, DUE_AT, orderOf } from './sample-order.ts';

type Told = Order | Allocation;
const take = (state: AllocatedOrder, told: Told, keepFrom = 0): AllocatedOrder =>
  'customerId' in told ? withOrder(state, told) : withAllocation(state, told, keepFrom);

/** Everything that is said on the way, with what is known at the end. */
const tell = (story: readonly Told[]): { readonly said: ShipmentOrder[]; readonly state: AllocatedOrder } => {
  let state = unknownOrder;
  const said: ShipmentOrder[] = [];
  for (const told of story) {
    const after = take(state, told);
    said.push(...changedShipmentOrders(state, after));
    state = after;
  }
  return { said, state };
};

/** What a reader who keeps the latest row of each shipment sees: shipment → line → quantity and value. */
const latest = (said: readonly ShipmentOrder[]): Record<string, Record<string, readonly [number, number]>> =>
  Object.fromEntries(
    said
      .map(({ shipmentId, lines }) => [
        shipmentId,
        Object.fromEntries(lines.map((line) => [line.lineId, [line.quantity, line.valueMinor] as const])),
      ])
      .filter(([, lines], index, all) => {
        const isLast = all.findLastIndex(([id]) => id === all[index]?.[0]) === index;
        return isLast && Object.keys(lines ?? {}).length > 0;
      }),
  ) as Record<string, Record<string, readonly [number, number]>>;

const shipments = ['A', 'B', 'C'];
const lineIds = ['1', '2', '3'];
const lineFacts = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -500, max: 10_000 }));
const orders = fc.record({
  lines: fc.dictionary(fc.constantFrom(...lineIds), lineFacts, { minKeys: 1 }),
  cancelled: fc.boolean(),
});
const allocations = fc.record({
  shipmentId: fc.constantFrom(...shipments),
  quantities: fc.dictionary(fc.constantFrom(...lineIds), fc.integer({ min: 0, max: 8 })),
});
/** Orders and allocations, each at a time of its own, in the order in which they happened. */
const stories = fc
  .array(fc.oneof(orders, allocations, allocations), { maxLength: 14 })
  .map((facts) =>
    facts.map((fact, at): Told =>
      'lines' in fact
        ? orderOf(at, fact.lines, { cancelled: fact.cancelled })
        : allocationOf(at, fact.shipmentId, fact.quantities),
    ),
  );
const shuffled = stories.chain((story) =>
  fc.tuple(
    fc.constant(story),
    fc.shuffledSubarray(story, { minLength: story.length, maxLength: story.length }),
  ),
);

/** The same worked out from the whole story at once. */
const naive = (story: readonly Told[]): Record<string, Record<string, readonly [number, number]>> => {
  const order = story.findLast((told): told is Order => 'customerId' in told);
  const last = shipments.flatMap(
    (id) =>
      story.findLast((told): told is Allocation => 'shipmentId' in told && told.shipmentId === id) ?? [],
  );
  if (order === undefined || order.cancelled) return {};
  return Object.fromEntries(
    last.flatMap(({ shipmentId, lines }) => {
      const mine = order.lines.flatMap(({ lineId, quantity: ordered, valueMinor }) => {
        const quantity = lines.find((line) => line.lineId === lineId)?.quantity ?? 0;
        const all = last
          .flatMap((one) => one.lines.filter((line) => line.lineId === lineId))
          .reduce((sum, line) => sum + line.quantity, 0);
        const share = Math.trunc(valueMinor * (quantity / Math.max(ordered, all))) + 0;
        return quantity === 0 ? [] : [[lineId, [quantity, share] as const] as const];
      });
      return mine.length === 0 ? [] : [[shipmentId, Object.fromEntries(mine)]];
    }),
  );
};

describe('an order and its allocations', () => {
  it('meet whichever comes first', () => {
    const order = orderOf(1, { a: [10, 10_000] });
    const onA = allocationOf(2, 'A', { a: 3 });
    const [row] = tell([order, onA]).said;
    expect(row).toMatchObject({ shipmentId: 'A', orderId: 'O1', customerId: 'acme', currency: 'USD' });
    expect(row?.lines).toEqual([{ lineId: 'a', sku: '', quantity: 3, valueMinor: 3_000, dueAt: DUE_AT }]);
    expect(tell([onA, order]).said).toEqual([row]);
    expect(tell([onA]).said).toEqual([]);
  });

  it('share a line’s value by quantity, rounded towards zero, and by what is allocated where that is more', () => {
    const thirds = [
      orderOf(1, { a: [3, 100] }),
      ...shipments.map((id, i) => allocationOf(2 + i, id, { a: 1 })),
    ];
    expect(latest(tell(thirds).said)).toEqual({ A: { a: [1, 33] }, B: { a: [1, 33] }, C: { a: [1, 33] } });
    const twice = [
      orderOf(1, { a: [4, 100] }),
      allocationOf(2, 'A', { a: 4 }),
      allocationOf(3, 'B', { a: 4 }),
    ];
    expect(latest(tell(twice).said)).toEqual({ A: { a: [4, 50] }, B: { a: [4, 50] } });
    expect(tell(twice).said.map((row) => row.shipmentId)).toEqual(['A', 'A', 'B']);
    const none = [orderOf(1, { a: [0, 100] }), allocationOf(2, 'A', { a: 2 })];
    expect(latest(tell(none).said)).toEqual({ A: { a: [2, 100] } });
  });

  it('leave a shipment without lines when the order is cancelled, or is allocated elsewhere', () => {
    const order = orderOf(1, { a: [2, 100] });
    const moved = [
      order,
      allocationOf(2, 'A', { a: 2 }),
      allocationOf(3, 'A', {}),
      allocationOf(4, 'B', { a: 2 }),
    ];
    expect(tell(moved).said.map((row) => [row.shipmentId, row.lines.length])).toEqual([
      ['A', 1],
      ['A', 0],
      ['B', 1],
    ]);
    const cancelled = [...moved, orderOf(5, { a: [2, 100] }, { cancelled: true })];
    expect(tell(cancelled).said.slice(3)).toMatchObject([{ shipmentId: 'B', lines: [], at: 5 }]);
    expect(tell([allocationOf(0, 'A', {}), order]).said).toEqual([]);
  });

  it('change all their shipments with the order’s due time and customer', () => {
    const before = [
      orderOf(1, { a: [4, 100] }),
      allocationOf(2, 'A', { a: 1 }),
      allocationOf(3, 'B', { a: 3 }),
    ];
    const later = orderOf(4, { a: [4, 100] });
    const lines = later.lines.map((line) => ({ ...line, dueAt: DUE_AT + 5 }));
    const { said } = tell([...before, { ...later, lines }]);
    expect(said.slice(2).map((row) => [row.shipmentId, row.lines[0]?.dueAt])).toEqual([
      ['A', DUE_AT + 5],
      ['B', DUE_AT + 5],
    ]);
  });

  it('forget allocations that were heard too long ago, and say nothing about them', () => {
    const state = take(
      tell([orderOf(1, { a: [9, 90] }), allocationOf(2, 'A', { a: 1 })]).state,
      orderOf(3, { a: [9, 90] }),
    );
    const after = take(state, allocationOf(4, 'B', { a: 1 }), 3);
    expect(Object.keys(after.allocations)).toEqual(['B']);
    expect(changedShipmentOrders(state, after).map((row) => row.shipmentId)).toEqual(['B']);
  });
});

describe('whatever the story', () => {
  it('the latest rows are what the latest order and allocations say, in whichever order they came', () => {
    fc.assert(
      fc.property(shuffled, ([story, heard]) => {
        expect(latest(tell(story).said)).toEqual(naive(story));
        expect(latest(tell(heard).said)).toEqual(naive(story));
      }),
      { numRuns: 400 },
    );
  });

  it('quantities are kept, and no line is worth more on all its shipments than it is', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { state } = tell(story);
        const rows = [...shipmentOrdersOf(state).values()];
        for (const line of state.order?.cancelled === true ? [] : (state.order?.lines ?? [])) {
          const here = rows.flatMap((row) => row.lines.filter(({ lineId }) => lineId === line.lineId));
          const allocated = Object.values(state.allocations)
            .flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === line.lineId))
            .reduce((sum, { quantity }) => sum + quantity, 0);
          expect(here.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(allocated);
          const worth = here.reduce((sum, { valueMinor }) => sum + valueMinor, 0);
          expect(Math.abs(worth)).toBeLessThanOrEqual(Math.abs(line.valueMinor));
          if (here.length === 1 && allocated >= line.quantity) expect(worth).toBe(line.valueMinor);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('no row says what the last one of its shipment did, and hearing all of it again says nothing', () => {
    fc.assert(
      fc.property(shuffled, ([, heard]) => {
        const { said, state } = tell(heard);
        const last = new Map<string, ShipmentOrder>();
        for (const row of said) {
          const before = last.get(row.shipmentId);
          expect(before === undefined ? row.lines.length === 0 : sameContent(before, row)).toBe(false);
          last.set(row.shipmentId, row);
        }
        expect(heard.flatMap((told) => changedShipmentOrders(state, take(state, told)))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('fractions of pieces and of cents never sum above the line', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.double({ min: 0, max: 1_000, noNaN: true }),
        fc.array(fc.double({ min: 0.001, max: 400, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (value, ordered, parts) => {
          const story = [
            orderOf(0, { a: [ordered, value] }),
            ...parts.map((part, i) => allocationOf(1 + i, `S${i}`, { a: part })),
          ];
          const rows = [...shipmentOrdersOf(tell(story).state).values()];
          const worth = rows.reduce((sum, row) => sum + (row.lines[0]?.valueMinor ?? 0), 0);
          expect(worth).toBeLessThanOrEqual(value);
          expect(worth).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
