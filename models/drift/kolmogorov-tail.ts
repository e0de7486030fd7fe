import { lnGamma } from './upper-gamma.ts';

/** Largest sample for which the matrix is raised to a power; above it the limit is right to 1e-5. */
const MATRIX_SAMPLE = 2_000;

/**
 * P(Dₙ ≥ d) of one sample of n against its own distribution. Far out, twice the one-sided chance (error below 1e-9
 * from n·d² = 2.65 on: R. Simard, P. L'Ecuyer, J. Stat. Softw. 2011); near, the matrix of J. Durbin (G. Marsaglia,
 * W. Tsang, J. Wang, J. Stat. Softw. 2003); for large n, the limit with the correction of J. Vrbik (Pioneer J. Theor.
 * Appl. Stat. 2018). n = 10, d = .274 → .3747.
 */
export const kolmogorovTail = (n: number, d: number): number => {
  if (n < 1 || d <= 0) return 1;
  if (d >= 1) return 0;
  if (n * d * d >= 2.65) return Math.min(1, 2 * oneSidedTail(n, d));
  return n <= MATRIX_SAMPLE ? Math.max(0, 1 - durbin(n, d)) : limit(n, d);
};

/** P(Dₙ⁺ ≥ d), the sum of Birnbaum and Tingey (1951), by logarithms. */
const oneSidedTail = (n: number, d: number): number => {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const at = d + j / n;
    const rest = 1 - at;
    if (rest <= 0) continue;
    const choose = lnGamma(n + 1) - lnGamma(j + 1) - lnGamma(n - j + 1);
    sum += Math.exp(choose + (j - 1) * Math.log(at) + (n - j) * Math.log(rest));
  }
  return d * sum;
};

/** P(Dₙ < d) = n! ÷ nⁿ · (Hⁿ)ₖₖ with d = (k − h) ÷ n; each of the n factors has its root of n! ÷ nⁿ, so that none overflows. */
const durbin = (n: number, d: number): number => {
  const k = Math.floor(n * d) + 1;
  const h = k - n * d;
  const size = 2 * k - 1;
  const at = (matrix: Float64Array, row: number, column: number): number => matrix[row * size + column] ?? 0;
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= Math.min(size - 1, row + 1); column++) {
      let value = 1;
      if (column === 0) value -= h ** (row + 1);
      if (row === size - 1) value -= h ** (size - column);
      if (column === 0 && row === size - 1) value += Math.max(0, 2 * h - 1) ** size;
      matrix[row * size + column] = value / Math.exp(lnGamma(row - column + 2));
    }
  }
  const root = Math.exp(lnGamma(n + 1) / n) / n;
  let vector = new Float64Array(size);
  vector[k - 1] = 1;
  for (let step = 1; step <= n; step++) {
    const next = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let c = 0; c <= Math.min(size - 1, row + 1); c++) sum += at(matrix, row, c) * (vector[c] ?? 0);
      next[row] = sum * root;
    }
    vector = next;
  }
  return vector[k - 1] ?? 0;
};

const limit = (n: number, d: number): number => {
  const root = Math.sqrt(n);
  const z = root * d + 1 / (6 * root) + (root * d - 1) / (4 * n);
  let sum = 0;
  for (let j = 1; j <= 100; j++) sum += (j % 2 === 1 ? 1 : -1) * Math.exp(-2 * j * j * z * z);
  return Math.min(1, Math.max(0, 2 * sum));
};
