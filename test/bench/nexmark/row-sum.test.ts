import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RowSum, textNumber } from '../../../bench/nexmark/row-sum.ts';

const sumOf = (...rows: readonly (readonly number[])[]): RowSum => {
  const out = new RowSum();
  for (const row of rows) out.add(row);
  return out;
};

it('counts rows, and heeds the order of fields but not of rows', () => {
  expect(sumOf([2, 3])).toMatchObject({ rows: 1, sum: 65 });
  expect(sumOf([3, 2])).toMatchObject({ rows: 1, sum: 95 });
  expect(sumOf([1, 2], [3, 4])).toEqual(sumOf([3, 4], [1, 2]));
  expect(sumOf()).toMatchObject({ rows: 0, sum: 0 });
});

it('takes a text as its UTF-16 units, folded', () => {
  expect(textNumber('')).toBe(0);
  expect(textNumber('A')).toBe(65);
  expect(textNumber('AB')).toBe(65 * 31 + 66);
});

const field = fc.integer({ min: 0, max: 2 ** 52 });

it('is exact wherever numbers stay below 2^53, with lists as without', () => {
  fc.assert(
    fc.property(field, field, field, field, (a, b, c, d) => {
      const exact = (fields: readonly number[]): number =>
        Number(fields.reduce((sum, one) => (sum * 31n + BigInt(one)) % 1_000_003n, 0n));
      const out = new RowSum();
      out.add2(a, b);
      expect(out.sum).toBe(exact([a, b]));
      out.add3(a, b, c);
      expect(out.sum).toBe(exact([a, b]) + exact([a, b, c]));
      out.add4(a, b, c, d);
      expect(out.sum).toBe(exact([a, b]) + exact([a, b, c]) + exact([a, b, c, d]));
      expect(out.rows).toBe(3);
      expect(sumOf([a, b], [a, b, c], [a, b, c, d])).toEqual(out);
    }),
  );
});
