import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ColumnWriter } from '../../../runtime/rows/column-writer.ts';
import { Dictionary, NO_ROOM } from '../../../runtime/rows/dictionary.ts';
import { type Layout, layoutOf } from '../../../runtime/rows/layout.ts';

const scan = z.object({
  count: z.int32(),
  weight: z.number().nullable(),
  damaged: z.boolean(),
  sealed: z.boolean().nullable(),
  status: z.enum(['moving', 'held']),
  note: z.string().nullable(),
});
type Scan = z.infer<typeof scan>;

const scans: fc.Arbitrary<Scan> = fc.record({
  count: fc.integer(),
  weight: fc.option(fc.double()),
  damaged: fc.boolean(),
  sealed: fc.option(fc.boolean()),
  status: fc.constantFrom('moving', 'held'),
  note: fc.option(fc.string({ maxLength: 2 })),
});
const layout = layoutOf(scan) as Layout;

describe('the layout of a schema', () => {
  it('is columns where all is numbers, booleans and words, and null where anything else is', () => {
    expect(layout.columns.map(({ name, kind, nullable }) => `${name} ${kind} ${nullable}`)).toEqual([
      'count i32 false',
      'weight f64 true',
      'damaged bool false',
      'sealed bool true',
      'status text false',
      'note text true',
    ]);
    expect(layoutOf(z.object({ at: z.number(), legs: z.array(z.string()) }))).toBeNull();
    expect(layoutOf(z.object({ plan: z.object({ id: z.string() }) }))).toBeNull();
    expect(layoutOf(z.string())).toBeNull();
  });
});

describe('a batch of columns', () => {
  // Seen red: null bits of the last batch left standing; a text beyond the dictionary's bound read as null; indexes of
  // what was picked twice taken for those of the whole batch; numbers of a picked batch read in place.
  it('gives back the rows that went in, whole or picked, batch after batch in the same buffers', () => {
    const writer = new ColumnWriter<Scan>(layout, 16, 3);
    const batches = fc.array(fc.array(scans, { maxLength: 16, size: 'max' }), { maxLength: 4 });
    fc.assert(
      fc.property(batches, fc.infiniteStream(fc.boolean()), (all, keeps) => {
        for (const rows of all) {
          writer.reset();
          for (const row of rows) writer.push(row);
          const body = writer.body();
          expect(rows.map((_, index) => body.row(index))).toEqual(rows);
          const kept = Int32Array.from(rows.map((_, index) => index).filter(() => keeps.next().value));
          const some = body.pick(kept, kept.length);
          expect([...kept].map((_, index) => some.row(index))).toEqual([...kept].map((index) => rows[index]));
          const half = Int32Array.from({ length: kept.length >> 1 }, (_, index) => 2 * index + 1);
          const fewer = some.pick(half, half.length);
          expect([...half].map((_, index) => fewer.row(index))).toEqual(
            [...half].map((index) => rows[kept[index]!]),
          );
          for (const field of ['count', 'weight', 'damaged', 'sealed', 'status', 'note'] as const) {
            expect([...kept].map((_, index) => some.value(field, index))).toEqual(
              [...kept].map((index) => rows[index]![field]),
            );
          }
          expect(Array.from(some.numbers('weight')).slice(0, kept.length)).toEqual(
            [...kept].map((index) => rows[index]!.weight ?? NaN),
          );
          expect(Array.from(body.numbers('count')).slice(0, rows.length)).toEqual(
            rows.map(({ count }) => count),
          );
        }
      }),
    );
  });

  it('refuses a row that does not fit its columns, and is as if it had never come', () => {
    const writer = new ColumnWriter<Scan>(layout, 8);
    const good: Scan = { count: 1, weight: 2, damaged: false, sealed: true, status: 'held', note: 'x' };
    writer.push(good);
    const wrong: readonly (readonly [Partial<Record<keyof Scan, unknown>>, string])[] = [
      [{ count: 1.5 }, 'field "count" is number, where an integer of 32 bits is expected'],
      [{ count: 2 ** 31 }, 'field "count" is number, where an integer of 32 bits is expected'],
      [{ weight: null, sealed: null, status: null }, 'field "status" is null, where text is expected'],
      [{ damaged: undefined }, 'field "damaged" is undefined, where true or false is expected'],
      [{ note: 7 }, 'field "note" is number, where text is expected'],
    ];
    for (const [part, message] of wrong) {
      expect(() => writer.push({ ...good, ...part } as Scan)).toThrow(new TypeError(message));
      writer.push(good);
    }
    const body = writer.body();
    for (let index = 0; index <= wrong.length; index++) expect(body.row(index)).toEqual(good);
  });

  it('lies in one buffer', () => {
    const { store } = new ColumnWriter<Scan>(layout, 256).body();
    const buffers = new Set([...store.columns.map(({ buffer }) => buffer), store.nulls.buffer]);
    expect(buffers.size).toBe(1);
    // 8 bytes for the weight, 4 for each of the others, and a bit a column, for 256 rows.
    expect([...buffers][0]!.byteLength).toBe(256 * (8 + 5 * 4) + (256 / 8) * 6);
  });
});

describe('a dictionary', () => {
  it('gives ids up to its bound, and frees those that nobody retains when it needs the room', () => {
    const dictionary = new Dictionary(2);
    const [a, b] = [dictionary.idOf('a'), dictionary.idOf('b')];
    expect(dictionary.idOf('c')).toBe(NO_ROOM);
    dictionary.retain(b);
    dictionary.reclaim();
    expect(dictionary.idOf('c')).toBe(a);
    expect(dictionary.idOf('a')).toBe(NO_ROOM);
    expect(dictionary.textOf(b)).toBe('b');
    dictionary.release(b);
    dictionary.reclaim();
    expect(dictionary.size).toBe(0);
  });
});
