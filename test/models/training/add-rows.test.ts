import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRowsIn, addRowsPlainly } from '../../../models/training/add-rows.ts';
import { Arena } from '../../../models/training/arena.ts';
import { packSums } from '../../../models/training/packed-sums.ts';
import { seededRandom } from '../../../models/training/seeded-random.ts';

const positive = fc.double({ min: 0, max: 50, noNaN: true });

describe('packSums', () => {
  it('sums exactly in any order, and has the count and the hessians in one number', () => {
    const pair = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), positive);
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 300 }), (rows) => {
        const gradients = Float64Array.from(rows, ([gradient]) => gradient);
        const hessians = Float64Array.from(rows, ([, hessian]) => hessian);
        const { pairs, one } = packSums(gradients, hessians, new Float64Array(2 * rows.length));
        const sum = (order: readonly number[], second: 0 | 1) =>
          order.reduce((total, row) => total + (pairs[2 * row + second] ?? NaN), 0);
        const order = rows.map((_, row) => row);
        expect(sum(order, 0)).toBe(sum(order.toReversed(), 0));
        expect(sum(order, 1)).toBe(sum(order.toReversed(), 1));
        expect(Math.floor(sum(order, 1) / one)).toBe(rows.length);
        const told = sum(order, 1) - rows.length * one;
        const wanted = hessians.reduce((total, hessian) => total + hessian, 0);
        expect(Math.abs(told - wanted)).toBeLessThanOrEqual(1e-6 * Math.max(...hessians) * rows.length);
      }),
    );
  });
});

describe('addRows', () => {
  it('adds the same bits as the plain loop, for any number of columns and any part of the rows', () => {
    for (const columns of [1, 2, 3, 4, 5, 8, 11]) {
      const random = seededRandom(columns);
      const rows = 500;
      const bins = 40;
      const arena = new Arena(1 << 20);
      const histogram = arena.float64(2 * bins);
      const places = arena.uint16(rows * columns);
      const pairs = arena.float64(2 * rows);
      const order = arena.int32(300);
      for (let at = 0; at < places.length; at++) places[at] = Math.floor(random() * bins);
      packSums(
        Float64Array.from({ length: rows }, () => random() - 0.5),
        Float64Array.from({ length: rows }, random),
        pairs,
      );
      for (let at = 0; at < order.length; at++) order[at] = Math.floor(random() * rows);
      const plain = new Float64Array(2 * bins);
      addRowsPlainly(plain, { places, columns }, pairs, order, 7, 280);
      addRowsIn(arena.memory)(histogram, { places, columns }, pairs, order, 7, 280);
      expect([...histogram]).toEqual([...plain]);
      expect(plain.some((sum) => sum !== 0)).toBe(true);
    }
  });
});
