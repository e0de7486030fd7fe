import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowStore } from '../../../runtime/state/row-store.ts';
import { Chain } from './chain.ts';

type Row = readonly [number, number, number];
const moves = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.nat(99), fc.double({ noNaN: true }), fc.nat(9)) },
    { weight: 3, arbitrary: fc.record({ free: fc.nat() }) },
    { weight: 2, arbitrary: fc.constantFrom('delta' as const, 'all' as const, 'restart' as const) },
  ),
  { maxLength: 120, size: 'max' },
);

const make = (): RowStore<ArrayLike<number>> =>
  new RowStore<ArrayLike<number>>({
    encode: (rows) => ({ fields: rows.map((row) => [...(row as Row)]) }),
    decode: (plain) => (plain as { fields: number[][] }).fields,
  });
const atMost = 8_192;
const count = 13;

describe('kept rows', () => {
  // Seen red: a slot freed and given again between two deltas that kept its old row.
  it('are read as they were appended, with restarts from deltas at any moment', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let store = make();
        const naive = new Map<number, Row>();
        const chain = new Chain();
        for (const move of all) {
          if (move === 'delta') {
            chain.delta(store);
            expect(store.dirty).toBe(false);
          } else if (move === 'all') chain.all(store);
          else if (move === 'restart') {
            chain.delta(store);
            store = chain.restoreInto(make());
            expect(store.dirty).toBe(false);
          } else if (!('free' in move)) {
            const slot = store.append(move);
            expect(naive.has(slot)).toBe(false);
            naive.set(slot, move);
          } else if (naive.size > 0) {
            const slot = [...naive.keys()][move.free % naive.size]!;
            store.free(slot);
            naive.delete(slot);
          }
          expect(store.size).toBe(naive.size);
        }
        for (const [slot, row] of naive) expect([...(store.read(slot) as Float64Array)]).toEqual([...row]);
      }),
      { numRuns: 60 },
    );
  });

  it('give all of 100,000 in parts of a bounded size', () => {
    const store = make();
    for (let n = 0; n < 100_000; n += 1) store.append([n, n / 2, 0]);
    for (let n = 0; n < 100_000; n += 7) store.free(n);
    const all = store.all();
    store.free(99_998);
    for (let n = 0; n < 20_000; n += 1) store.append([-1, -1, -1]);
    const parts = [...all];
    expect(parts).toHaveLength(count);
    for (const { slots } of parts as readonly { slots: Int32Array }[])
      expect(slots.length).toBeLessThanOrEqual(atMost);
    const copy = make();
    for (const part of parts) copy.restore(part);
    expect(copy.size).toBe(100_000 - 14_286);
    expect([...(copy.read(99_998) as Float64Array)]).toEqual([99_998, 49_999, 0]);
  });
});
