import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binMatrix, binOf, writePlaces } from '../../../models/training/bins.ts';

const anyFloat = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1, 2, 3));

describe('binMatrix', () => {
  it('puts every value on the side of every edge that `<=` says', () => {
    fc.assert(
      fc.property(fc.array(anyFloat, { minLength: 1, maxLength: 2_000 }), (values) => {
        const column = Float32Array.from(values);
        const { bins, edges } = binMatrix(column, column.length, 1);
        const cuts = edges[0] ?? expect.fail('no edges');
        expect(cuts.length).toBeLessThanOrEqual(253);
        for (const [row, value] of column.entries()) {
          const bin = bins[row] ?? -1;
          if (Number.isNaN(value)) expect(bin).toBe(cuts.length + 1);
          else {
            expect(bin).toBeLessThanOrEqual(cuts.length);
            for (const [cut, edge] of cuts.entries()) expect(value <= edge).toBe(bin <= cut);
          }
        }
      }),
    );
  });

  it('gives few distinct values a bin each and many about equal shares', () => {
    const few = Float32Array.of(3, 1, 2, 2, 1, Infinity, NaN);
    expect([...binMatrix(few, 7, 1).bins]).toEqual([2, 0, 1, 1, 0, 3, 4]);
    const many = Float32Array.from({ length: 100_000 }, (_, index) => index);
    const counts = new Map<number, number>();
    for (const bin of binMatrix(many, many.length, 1).bins) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(counts.size).toBe(254);
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(420);
    expect(binOf(NaN, new Float32Array(0))).toBe(1);
  });

  it('numbers the bins of all columns through, of the used ones only', () => {
    // Three columns with 2, 1 and 3 values, and one bin more each for NaN.
    const matrix = Float32Array.of(1, 5, 7, 2, 5, 8, NaN, 5, 9);
    const binned = binMatrix(matrix, 3, 3);
    expect([...binned.first]).toEqual([0, 3, 5, 9]);
    const { places } = writePlaces(binned, Int32Array.of(0, 2), new Uint16Array(6));
    expect([...places]).toEqual([0, 5, 1, 6, 2, 7]);
  });
});
