import type { CellAggregate, FieldRows } from './aggregate.ts';
import type { HavingField } from './parts/field-types.ts';
import { missing } from './parts/missing.ts';

/**
 * How many rows: `count()`. Or how many have a value in a field: 'a', null, 7, NaN → `count('status')` is 2, since null and NaN
 * are no values. Over no rows it is 0. One cell, exact up to 2^53.
 */
export function count(): CellAggregate<unknown, number>;
export function count<const F extends string>(field: F): CellAggregate<HavingField<F>, number>;
export function count(field: string | null = null): CellAggregate<unknown, number> {
  return {
    kind: 'cells',
    label: `count(${field ?? ''})`,
    field,
    width: 1,
    init(cells, at) {
      cells[at] = 0;
    },
    add: field === null ? addRows : addValues,
    merge(cells, into, other, from) {
      cells[into] = cells[into]! + other[from]!;
    },
    result: (cells, at) => cells[at]!,
  };
}

const addRows = (
  cells: Float64Array,
  records: Int32Array,
  _rows: FieldRows,
  from: number,
  to: number,
): void => {
  for (let index = from; index < to; index++) {
    const at = records[index]!;
    cells[at] = cells[at]! + 1;
  }
};

/** A NaN among the numbers may stand for words, so only then the value itself is asked for. */
const addValues = (
  cells: Float64Array,
  records: Int32Array,
  rows: FieldRows,
  from: number,
  to: number,
): void => {
  const { numbers } = rows;
  for (let index = from; index < to; index++) {
    if (Number.isNaN(numbers[index]!) && missing(rows.value(index))) continue;
    const at = records[index]!;
    cells[at] = cells[at]! + 1;
  }
};
