import fc from 'fast-check';
import { expect, it } from 'vitest';
import { median, quantile } from '../../bench/quantile.ts';

it('takes the nearest rank', () => {
  expect(quantile([40, 10, 30, 20], 0.5)).toBe(20);
  expect(quantile([40, 10, 30, 20], 0.99)).toBe(40);
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([], 0.5)).toBeNull();
});

it('is a value of the list that at least that share of all values does not exceed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, share) => {
        const found = quantile(values, share)!;
        expect(values).toContain(found);
        const within = values.filter((value) => value <= found).length;
        expect(within).toBeGreaterThanOrEqual(share * values.length - 1e-9);
      },
    ),
  );
});
