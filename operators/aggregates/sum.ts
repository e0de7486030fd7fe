import type { CellAggregate } from './aggregate.ts';
import { addToSum, clearSum, mergeSums, sumOf } from './parts/double-double.ts';
import type { NumbersIn } from './parts/field-types.ts';

/**
 * The sum of a field: 1e16, 1, null, −1e16 → 1. Null and NaN are passed over; of no values it is null; of ∞ and −∞ too.
 *
 * It is kept in two cells of together 106 bits. If all values are multiples of some 2^k and their absolute values add
 * up to less than 2^(k+104), then the cells hold the sum without any error, in whatever order, batches and parts it
 * was added, and the result is the double nearest to it. So amounts of at least 0.01, written as doubles, add exactly
 * up to 3e13, and whole numbers up to 2e31. Outside of that, n values are summed with an error of at most
 * n · 2^-103 of the sum of their absolute values: the order may show where they cancel each other to almost nothing.
 * A sum that passes 1.8e308 on its way is infinite, and then the order does show. A sum is never −0.
 */
export const sum = <const F extends string>(field: F): CellAggregate<NumbersIn<F>, number | null> => ({
  kind: 'cells',
  label: `sum(${field})`,
  field,
  width: 2,
  init: clearSum,
  add(cells, records, { numbers }, from, to) {
    for (let index = from; index < to; index++) {
      const value = numbers[index]!;
      if (!Number.isNaN(value)) addToSum(cells, records[index]!, value);
    }
  },
  merge: mergeSums,
  result: sumOf,
});
