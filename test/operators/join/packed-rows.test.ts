import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRows, unpackRows } from '../../../operators/join/packed-rows.ts';

// Seen red: with only the fields of the first row looked at, and with null taken for a number.
describe('packed rows', () => {
  it('come back as they were, whatever they are', () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined));
    const odd = fc.oneof(
      value,
      fc.array(value),
      fc.record({ at: value, key: value }, { requiredKeys: [], noNullPrototype: true }),
    );
    const alike = fc.record(
      {
        at: fc.double(),
        n: fc.oneof(fc.integer(), fc.constant(null)),
        key: fc.string(),
      },
      { noNullPrototype: true },
    );
    const rows = fc.oneof(
      fc.array(alike),
      fc.array(odd),
      fc.array(fc.oneof({ weight: 9, arbitrary: alike }, odd)),
    );
    fc.assert(
      fc.property(rows, (all) => {
        expect(unpackRows(structuredClone(packRows(all)))).toStrictEqual(all);
      }),
    );
  });

  it('are lists of their fields where all are alike', () => {
    expect(
      packRows([
        { at: 1, key: 'a' },
        { at: 2, key: 'b' },
      ]),
    ).toEqual({
      size: 2,
      fields: { at: Float64Array.of(1, 2), key: ['a', 'b'] },
    });
    const different = [{ at: 1 }, { at: 2, key: 'b' }];
    expect(packRows(different)).toEqual({ rows: different });
  });
});
