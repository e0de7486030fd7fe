import type { CellAggregate } from './aggregate.ts';
import type { NumbersIn } from './parts/field-types.ts';

export interface VarianceOptions {
  /** Divides by n − 1: the estimate from a sample, null of a single value. Otherwise by n: that of all there is. */
  readonly sample?: boolean;
}

/**
 * How far a field's values spread, squared: 2, 4, null, 9 → mean 5, (9 + 1 + 16) / 3 = 8.67; as a sample 13. Null and
 * NaN are passed over; of no values it is null, and so is what is not finite: a variance with ∞ in it, or past 1.8e308.
 *
 * Three cells: count, mean, sum of squared distances from it. They are updated after Welford, "Note on a method for
 * calculating corrected sums of squares and products", 1962, and merged after Chan, Golub and LeVeque, "Updating
 * formulae and a pairwise algorithm for computing sample variances", 1979. So nothing cancels when values are large
 * and close together (1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16 → 22.5), but the order of rows may show in the last digits.
 */
export const variance = <const F extends string>(
  field: F,
  { sample = false }: VarianceOptions = {},
): CellAggregate<NumbersIn<F>, number | null> => ({
  kind: 'cells',
  label: `variance(${field}${sample ? ', sample' : ''})`,
  field,
  width: 3,
  init(cells, at) {
    cells.fill(0, at, at + 3);
  },
  add(cells, records, { numbers }, from, to) {
    for (let index = from; index < to; index++) {
      const value = numbers[index]!;
      if (Number.isNaN(value)) continue;
      const at = records[index]!;
      const count = cells[at]! + 1;
      const distance = value - cells[at + 1]!;
      const mean = cells[at + 1]! + distance / count;
      cells[at] = count;
      cells[at + 1] = mean;
      cells[at + 2] = cells[at + 2]! + distance * (value - mean);
    }
  },
  merge(cells, into, other, from) {
    const ours = cells[into]!;
    const theirs = other[from]!;
    if (theirs === 0) return;
    if (ours === 0) {
      for (let cell = 0; cell < 3; cell++) cells[into + cell] = other[from + cell]!;
      return;
    }
    const count = ours + theirs;
    const distance = other[from + 1]! - cells[into + 1]!;
    cells[into] = count;
    cells[into + 1] = cells[into + 1]! + distance * (theirs / count);
    cells[into + 2] = cells[into + 2]! + other[from + 2]! + distance * distance * (ours * (theirs / count));
  },
  result(cells, at) {
    const over = sample ? cells[at]! - 1 : cells[at]!;
    const squares = cells[at + 2]!;
    return over < 1 || !Number.isFinite(squares) ? null : squares / over;
  },
});
