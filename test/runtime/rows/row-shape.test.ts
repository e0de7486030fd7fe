import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ColumnWriter } from '../../../runtime/rows/column-writer.ts';
import { type Layout, layoutOf } from '../../../runtime/rows/layout.ts';
import { rowShapeOf } from '../../../runtime/rows/row-shape.ts';

const scan = z.object({
  count: z.int32(),
  weight: z.number().nullable(),
  damaged: z.boolean(),
  status: z.enum(['moving', 'held']),
  note: z.string().nullable(),
});
const layout = layoutOf(scan) as Layout;
const { take } = rowShapeOf(layout);

/** What a document may hold in the place of a row: fields in any order, missing, of other types, and some more. */
const documents = fc
  .record(
    {
      count: fc.oneof({ weight: 8, arbitrary: fc.integer() }, fc.double(), fc.string()),
      weight: fc.oneof({ weight: 8, arbitrary: fc.option(fc.double()) }, fc.string()),
      damaged: fc.oneof({ weight: 8, arbitrary: fc.boolean() }, fc.constant(null)),
      status: fc.constantFrom('moving', 'held'),
      note: fc.oneof({ weight: 8, arbitrary: fc.option(fc.string({ maxLength: 2 })) }, fc.integer()),
      more: fc.integer(),
    },
    { requiredKeys: [] },
  )
  .chain((row) =>
    fc
      .shuffledSubarray(Object.entries(row), { minLength: Object.keys(row).length })
      .map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
  );

const outcomeOf = (make: () => unknown): unknown => {
  try {
    return make();
  } catch (error) {
    return String(error);
  }
};

describe('a row as an object', () => {
  it('is what columns would make of it, refusals too', () => {
    const writer = new ColumnWriter<unknown>(layout, 8);
    let refused = 0;
    let given = 0;
    fc.assert(
      fc.property(documents, (document) => {
        writer.reset();
        const byColumns = outcomeOf(() => {
          writer.push(document);
          return writer.body().row(0);
        });
        const taken = outcomeOf(() => take(document));
        if (typeof taken === 'string') refused += 1;
        else given += 1;
        expect(taken).toEqual(byColumns);
        expect(Object.keys(taken as object)).toEqual(Object.keys(byColumns as object));
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(refused, given)).toBeGreaterThan(50);
  });

  it('is the document itself where that has these fields and no others, in their order', () => {
    const exact = { count: 1, weight: 2, damaged: false, status: 'held', note: null };
    expect(take(exact)).toBe(exact);
    const { note, ...without } = exact;
    expect(take({ note, ...without })).not.toBe(exact);
    expect(Object.keys(take({ note, ...without }) as object)).toEqual(Object.keys(exact));
    expect(take(without)).toEqual(exact);
    expect(take({ ...exact, more: 1 })).toEqual(exact);
  });
});
