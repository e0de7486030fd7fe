/**
 * A sum in two cells, the second holding what the first has no digits left for: about 106 bits. Formulas with their
 * proofs: Joldes, Muller and Popescu, "Tight and rigorous error bounds for basic building blocks of double-word
 * arithmetic", 2017, algorithms 4 (a number) and 6 (another sum).
 *
 * 1e16, then 1 → (1e16, 1), where one cell would have forgotten the 1.
 *
 * The second cell of an empty sum is −0, which no addition ever leaves there. A first cell that is not finite stays so:
 * ∞ and −∞ together are NaN.
 */
export const clearSum = (cells: Float64Array, at: number): void => {
  cells[at] = 0;
  cells[at + 1] = -0;
};

export const sumIsEmpty = (cells: Float64Array, at: number): boolean => Object.is(cells[at + 1], -0);

/** The nearest double; null of nothing, and of ∞ with −∞. */
export const sumOf = (cells: Float64Array, at: number): number | null => {
  const sum = cells[at]!;
  return sumIsEmpty(cells, at) || Number.isNaN(sum) ? null : sum;
};

/** Adds a number that is not NaN. */
export const addToSum = (cells: Float64Array, at: number, value: number): void => {
  const high = cells[at]!;
  const sum = high + value;
  if (!Number.isFinite(sum)) {
    cells[at] = sum;
    cells[at + 1] = 0;
    return;
  }
  const back = sum - high;
  const low = cells[at + 1]! + (high - (sum - back) + (value - back));
  const rounded = sum + low;
  cells[at] = rounded;
  cells[at + 1] = low - (rounded - sum);
};

/** Adds the sum at `from` of `other` to the one at `into`. */
export const mergeSums = (cells: Float64Array, into: number, other: Float64Array, from: number): void => {
  if (sumIsEmpty(other, from)) return;
  const high = cells[into]!;
  const otherHigh = other[from]!;
  const sum = high + otherHigh;
  if (!Number.isFinite(sum)) {
    cells[into] = sum;
    cells[into + 1] = 0;
    return;
  }
  const back = sum - high;
  const error = high - (sum - back) + (otherHigh - back);
  const low = cells[into + 1]!;
  const otherLow = other[from + 1]!;
  const lows = low + otherLow;
  const lowsBack = lows - low;
  const lowsError = low - (lows - lowsBack) + (otherLow - lowsBack);
  const middle = error + lows;
  const first = sum + middle;
  const rest = lowsError + (middle - (first - sum));
  const rounded = first + rest;
  cells[into] = rounded;
  cells[into + 1] = rest - (rounded - first);
};
