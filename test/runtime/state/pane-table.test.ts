import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ObjectCodec, PaneTable } from '../../../runtime/state/pane-table.ts';
import { Chain } from './chain.ts';

const moves = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ add: fc.array(fc.nat(60), { maxLength: 40 }) }) },
    { weight: 2, arbitrary: fc.record({ touch: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }) }) },
    { weight: 3, arbitrary: fc.constantFrom('delta', 'all', 'restart') },
    { weight: 1, arbitrary: fc.constant('reset') },
  ),
  { maxLength: 60, size: 'max' },
);

interface Seen {
  rows: number[];
}
const codec: ObjectCodec<Seen> = {
  encode: ({ rows }) => [...rows],
  decode: (rows) => ({ rows: rows as number[] }),
};

describe('pane table', () => {
  // Seen red: cells that grew less than the keys; a reset that kept the old records; a delta without the touched ones,
  // or without the word that the pane was emptied.
  it.each([1, 3])(
    'counts and sums as maps do, with restarts from deltas at any moment, width %i',
    (width) => {
      fc.assert(
        fc.property(moves, (all) => {
          let table = new PaneTable({ width, objects: codec });
          let naive = new Map<number, { record: number[]; rows: number[] }>();
          const chain = new Chain();
          let row = 0;
          for (const move of all) {
            if (move === 'delta') {
              chain.delta(table);
              expect(table.dirty).toBe(false);
            } else if (move === 'all') chain.all(table);
            else if (move === 'restart') {
              chain.delta(table);
              table = chain.restoreInto(new PaneTable({ width, objects: codec }));
              expect(table.dirty).toBe(false);
            } else if (move === 'reset') {
              table.reset();
              naive = new Map();
            } else if (typeof move === 'object' && 'add' in move) {
              const before = table.size;
              const into = new Int32Array(move.add.length);
              expect(table.slots(Int32Array.from(move.add), 0, into.length, into)).toBe(before);
              for (let slot = before; slot < table.size; slot += 1) {
                expect([...table.cells.subarray(slot * width, (slot + 1) * width)]).toEqual(
                  Array(width).fill(0),
                );
                table.objects[slot] = { rows: [] };
                table.cells[slot * width] = 100;
              }
              for (const [at, key] of move.add.entries()) {
                row += 1;
                table.cells[into[at]! + width - 1]! += row;
                table.objects[into[at]! / width]!.rows.push(row);
                const held = naive.get(key) ?? {
                  record: [100, ...Array<number>(width - 1).fill(0)],
                  rows: [],
                };
                held.record[width - 1]! += row;
                held.rows.push(row);
                naive.set(key, held);
              }
            } else if (typeof move === 'object' && table.size > 0) {
              const slots = move.touch.map((n) => n % table.size);
              table.touch(Int32Array.from([-1, ...slots.map((slot) => slot * width)]), 1, slots.length + 1);
              for (const slot of slots) {
                table.cells[slot * width]! -= 1;
                naive.get(table.keys[slot]!)!.record[0]! -= 1;
              }
            }
            expect(table.size).toBe(naive.size);
          }
          const held = Array.from(table.keys.subarray(0, table.size), (key, slot) => ({
            key,
            record: [...table.cells.subarray(slot * width, (slot + 1) * width)],
            rows: table.objects[slot]!.rows,
          }));
          expect(held).toEqual([...naive].map(([key, { record, rows }]) => ({ key, record, rows })));
          for (let key = 0; key <= 60; key += 1) {
            expect(table.find(key)).toBe(held.findIndex((one) => one.key === key));
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('writes only the records that changed', () => {
    const table = new PaneTable({ width: 2 });
    const into = new Int32Array(3);
    table.slots([7, 3, 7], 0, 3, into);
    expect([...into]).toEqual([0, 2, 0]);
    table.delta();
    table.slots([3], 0, 1, into);
    table.cells[into[0]! + 1] = 5;
    expect(table.delta()).toEqual({
      cleared: false,
      slots: Int32Array.of(1),
      keys: Int32Array.of(3),
      cells: Float64Array.of(0, 5),
    });
    expect(table.find(7)).toBe(0);
    expect(table.dirty).toBe(false);
  });

  it('gives all of 150,000 slots in parts of at most 65,536, as they were at the call', () => {
    const table = new PaneTable({ width: 1 });
    const keys = Int32Array.from({ length: 150_000 }, (_, n) => n * 7);
    const into = new Int32Array(keys.length);
    table.slots(keys, 0, keys.length, into);
    for (let slot = 0; slot < keys.length; slot += 1) table.cells[slot] = slot;
    const delta = table.delta();
    const all = table.all();
    table.reset();
    const parts = [...all];
    expect(parts.map(({ keys: held }) => held.length)).toEqual([65_536, 65_536, 18_928]);
    const copy = new PaneTable({ width: 1 });
    for (const part of parts) copy.restore(part);
    expect(copy.cells.subarray(0, copy.size)).toEqual(Float64Array.from(keys, (_, n) => n));
    expect(copy.find(149_999 * 7)).toBe(149_999);
    expect(delta.cells).toEqual(copy.cells.subarray(0, copy.size));
  });

  it('refuses records of another width', () => {
    const table = new PaneTable({ width: 2 });
    table.slots([1], 0, 1, new Int32Array(1));
    expect(() => new PaneTable({ width: 3 }).restore(table.delta())).toThrow(
      /FW105.*2 numbers, this version reads 3/,
    );
  });
});
