/**
 * Gradients and hessians as a histogram adds them up: two float64 a row, the second with the row's count in it.
 *
 *   [gradient, hessian + C]      C = 2^k, above any sum of hessians
 *   Σ over n rows → [Σ gradient, Σ hessian + n · C]      n = ⌊second ÷ C⌋
 *
 * Both are first rounded to a unit so coarse that no sum of theirs needs more than 53 bits: every sum is then exact,
 * whatever its order, and a parent's histogram minus one child's *is* the other's. 100,000 rows leave 35 bits to a
 * gradient and 19 to a hessian; 4 million leave the hessian 9.
 */
export interface PackedSums {
  /** Gradient and packed hessian of row r at 2r and 2r + 1. */
  readonly pairs: Float64Array;
  /** What one row adds to the packed sum beside its hessian: C. */
  readonly one: number;
}

/** Packs in place into `pairs`, two for each row. */
export const packSums = (
  gradients: Float64Array,
  hessians: Float64Array,
  pairs: Float64Array,
): PackedSums => {
  const rows = gradients.length;
  const countBits = Math.ceil(Math.log2(rows + 1));
  const gradientUnit = 2 ** (exponentOf(furthest(gradients)) + countBits - 52);
  const hessianTop = exponentOf(furthest(hessians));
  const one = 2 ** (hessianTop + countBits);
  const hessianUnit = 2 ** (hessianTop + 2 * countBits - 52);
  // Adding so large a number leaves no digit below the unit, and taking it away again gives what was left.
  const [gradientShift, hessianShift] = [1.5 * 2 ** 52 * gradientUnit, 1.5 * 2 ** 52 * hessianUnit];
  for (let row = 0; row < rows; row++) {
    pairs[2 * row] = gradients[row]! + gradientShift - gradientShift;
    pairs[2 * row + 1] = hessians[row]! + hessianShift - hessianShift + one;
  }
  return { pairs, one };
};

/** The least e with `value <= 2^e`; −400 when all are zero. */
const exponentOf = (value: number): number => (value > 0 ? Math.ceil(Math.log2(value)) : -400);

const furthest = (values: Float64Array): number => {
  let most = 0;
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index]!));
  return most;
};
