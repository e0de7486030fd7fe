import type { CellAggregate } from './aggregate.ts';
import { addToSum, clearSum, mergeSums, sumOf } from './parts/double-double.ts';
import type { NumbersIn } from './parts/field-types.ts';

/**
 * The arithmetic mean of a field: 2, null, 4, 9 → 5. Null and NaN are passed over and not counted; of no values it is
 * null. It is the sum as in `sum.ts`, and as exact, divided once by the count: 3 cells.
 */
export const mean = <const F extends string>(field: F): CellAggregate<NumbersIn<F>, number | null> => ({
  kind: 'cells',
  label: `mean(${field})`,
  field,
  width: 3,
  init(cells, at) {
    clearSum(cells, at);
    cells[at + 2] = 0;
  },
  add(cells, records, { numbers }, from, to) {
    for (let index = from; index < to; index++) {
      const value = numbers[index]!;
      if (Number.isNaN(value)) continue;
      const at = records[index]!;
      addToSum(cells, at, value);
      cells[at + 2] = cells[at + 2]! + 1;
    }
  },
  merge(cells, into, other, from) {
    mergeSums(cells, into, other, from);
    cells[into + 2] = cells[into + 2]! + other[from + 2]!;
  },
  result(cells, at) {
    const sum = sumOf(cells, at);
    return sum === null ? null : sum / cells[at + 2]!;
  },
});
