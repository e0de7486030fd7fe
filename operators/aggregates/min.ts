import type { CellAggregate } from './aggregate.ts';
import type { NumbersIn } from './parts/field-types.ts';

/**
 * The least number of a field: 3, null, −7 → −7. Null and NaN are passed over; of no values it is null. −0 counts as 0, so that the
 * order of rows cannot show. One cell, exact.
 */
export const min = <const F extends string>(field: F): CellAggregate<NumbersIn<F>, number | null> => ({
  kind: 'cells',
  label: `min(${field})`,
  field,
  width: 1,
  init(cells, at) {
    cells[at] = Number.NaN;
  },
  add(cells, records, { numbers }, from, to) {
    for (let index = from; index < to; index++) {
      const value = numbers[index]!;
      const at = records[index]!;
      // Not "less than": an empty record is NaN, which is neither less nor more than anything.
      if (!(value >= cells[at]!) && !Number.isNaN(value)) cells[at] = value + 0;
    }
  },
  merge(cells, into, other, from) {
    const value = other[from]!;
    if (!(value >= cells[into]!) && !Number.isNaN(value)) cells[into] = value;
  },
  result(cells, at) {
    const value = cells[at]!;
    return Number.isNaN(value) ? null : value;
  },
});
