import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowRing } from '../../../runtime/state/row-ring.ts';
import { Chain } from './chain.ts';

const moves = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        append: fc.array(fc.tuple(fc.oneof(fc.nat(5), fc.constant(100)), fc.integer({ min: -5, max: 5 })), {
          maxLength: 20,
        }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ evictBefore: fc.integer({ min: -5, max: 5 }) }) },
    { weight: 4, arbitrary: fc.constantFrom('delta' as const, 'all' as const, 'restart' as const) },
  ),
  { maxLength: 60, size: 'max' },
);

const found = (ring: RowRing, key: number, from: number, to: number): number[] => {
  const slots: number[] = [];
  for (let entry = ring.newest(key, from, to); entry >= 0; entry = ring.older(entry, from, to)) {
    expect(ring.keyOf(entry)).toBe(key);
    slots.push(ring.slotOf(entry));
  }
  return slots;
};

describe('row ring', () => {
  // Seen red: back pointers that went on past the tail; a restore that lost what was appended and evicted between two
  // deltas.
  it('finds a key’s rows as a filter does, with restarts from deltas at any moment', () => {
    fc.assert(
      fc.property(moves, (all) => {
        let ring = new RowRing();
        let naive: { key: number; at: number; slot: number }[] = [];
        const chain = new Chain();
        let now = 0;
        let slot = 0;
        for (const move of all) {
          if (move === 'delta') {
            chain.delta(ring);
            expect(ring.dirty).toBe(false);
          } else if (move === 'all') chain.all(ring);
          else if (move === 'restart') {
            chain.delta(ring);
            const { head, tail } = ring;
            ring = chain.restoreInto(new RowRing());
            expect([ring.head, ring.tail, ring.dirty]).toEqual([head, tail, false]);
          } else if ('append' in move) {
            for (const [key, off] of move.append) {
              now += 1;
              slot += 1;
              ring.append(key, now + off, slot);
              naive.push({ key, at: now + off, slot });
            }
          } else {
            const tail = ring.tailBefore(now - 20 + move.evictBefore);
            const kept = naive.findIndex(({ at }) => at >= now - 20 + move.evictBefore);
            const gone = kept < 0 ? naive.length : kept;
            expect(tail - ring.tail).toBe(gone);
            expect(Array.from({ length: gone }, (_, at) => ring.slotOf(ring.tail + at))).toEqual(
              naive.slice(0, gone).map((one) => one.slot),
            );
            ring.evictTo(tail);
            naive = naive.slice(gone);
          }
          expect(ring.size).toBe(naive.length);
          for (const key of [0, 1, 2, 3, 4, 5, 100, 1000]) {
            for (const [from, to] of [
              [-Infinity, Infinity],
              [now - 8, now - 3],
              [-Infinity, now - 22],
            ] as const) {
              const expected = naive.filter((one) => one.key === key && one.at >= from && one.at <= to);
              expect(found(ring, key, from, to)).toEqual(expected.map((one) => one.slot).reverse());
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives all of 150,000 entries in parts of at most 65,536', () => {
    const ring = new RowRing();
    for (let n = 0; n < 150_000; n += 1) ring.append(n % 1000, n, n);
    ring.evictTo(10_000);
    const all = ring.all();
    ring.evictTo(140_000);
    const parts = [...all];
    expect(parts.map(({ keys }) => keys.length)).toEqual([65_536, 65_536, 8928]);
    const copy = new RowRing();
    for (const part of parts) copy.restore(part);
    expect([copy.tail, copy.head]).toEqual([10_000, 150_000]);
    expect(found(copy, 7, 10_000, 13_000)).toEqual([12_007, 11_007, 10_007]);
  });
});
