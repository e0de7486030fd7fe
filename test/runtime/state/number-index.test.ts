import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberIndex } from '../../../runtime/state/number-index.ts';

const keys = fc.oneof(
  fc.integer({ min: -4, max: 40 }),
  fc.constantFrom(0, -0, Number.NaN, 0.5, -0.5, 2 ** 31, -(2 ** 31), 2 ** 53, Infinity, 5e-324),
  // Far apart by powers of two: a weak hash puts them all at one place.
  fc.integer({ min: 0, max: 30 }).map((shift) => 2 ** shift * 65_536),
  fc.double({ noNaN: true }),
);
const moves = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ lookup: fc.array(keys, { maxLength: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ idOf: keys }) },
    { weight: 4, arbitrary: fc.record({ free: fc.nat() }) },
  ),
  { maxLength: 120, size: 'max' },
);

/** Ids as they should be: the next one, or the one freed last. A Map takes 0 and -0, and all NaN, for one key too. */
class NaiveIndex {
  readonly ids = new Map<number, number>();
  readonly #free: number[] = [];
  capacity = 0;

  idOf(key: number): number {
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.#free.pop() ?? this.capacity++;
      this.ids.set(key, id);
    }
    return id;
  }

  free(key: number): void {
    this.#free.push(this.ids.get(key)!);
    this.ids.delete(key);
  }
}

describe('number index', () => {
  // Seen red: a deletion that only empties its place; -0 kept as it came; a freed NaN that was still found.
  it('gives the same ids as a map with a stack of free ones', () => {
    fc.assert(
      fc.property(moves, (all) => {
        const index = new NumberIndex();
        const naive = new NaiveIndex();
        for (const move of all) {
          if ('lookup' in move) {
            const into = new Int32Array(move.lookup.length + 2).fill(-7);
            index.lookup(move.lookup, 1, move.lookup.length, into);
            const expected = move.lookup.map((key, at) => (at === 0 ? -7 : naive.idOf(key)));
            expect([...into]).toEqual([...expected, ...Array(into.length - expected.length).fill(-7)]);
          } else if ('idOf' in move) {
            expect(index.idOf(move.idOf)).toBe(naive.idOf(move.idOf));
          } else if (naive.ids.size > 0) {
            const [key, id] = [...naive.ids][move.free % naive.ids.size]!;
            index.free(id);
            naive.free(key);
            expect(index.find(key)).toBe(-1);
          }
          expect(index.size).toBe(naive.ids.size);
          expect(index.capacity).toBe(naive.capacity);
        }
        for (const [key, id] of naive.ids) {
          expect(index.find(key)).toBe(id);
          // toEqual tells 0 from -0: the index answers 0.
          expect(index.keyOf(id)).toEqual(key + 0);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('takes 0 and -0 for one key, and every NaN for one', () => {
    const index = new NumberIndex();
    const nan = new Float64Array(new BigInt64Array([0x7ff8000000000001n, -1n]).buffer);
    const into = new Int32Array(4);
    index.lookup(Float64Array.of(-0, 0, nan[0]!, nan[1]!), 0, 4, into);
    expect([...into]).toEqual([0, 0, 1, 1]);
    expect(index.keyOf(0)).toBe(0);
    expect(index.keyOf(1)).toBeNaN();
    expect(index.size).toBe(2);
    index.free(1);
    expect(index.find(Number.NaN)).toBe(-1);
    expect(index.size).toBe(1);
  });

  it('does nothing for an id that is free already', () => {
    const index = new NumberIndex();
    index.idOf(5);
    index.free(0);
    index.free(0);
    index.free(9);
    expect([index.idOf(6), index.idOf(7), index.size]).toEqual([0, 1, 2]);
  });

  it('holds 100,000 keys of each kind through growth and the deletion of every third', () => {
    for (const key of [
      (n: number) => n,
      (n: number) => n * 4096,
      (n: number) => n / 8,
      (n: number) => 1.7e12 + n * 1000,
    ]) {
      const index = new NumberIndex();
      const all = Float64Array.from({ length: 100_000 }, (_, n) => key(n));
      const ids = new Int32Array(all.length);
      index.lookup(all, 0, all.length, ids);
      for (let n = 0; n < all.length; n += 3) index.free(ids[n]!);
      const wrong = all.filter((one, n) => index.find(one) !== (n % 3 === 0 ? -1 : n));
      expect(wrong).toEqual(new Float64Array(0));
    }
  });
});
