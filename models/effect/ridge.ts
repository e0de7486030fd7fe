/** Rows of a design: covariates in front of which `withIntercept` has put a 1. */
export type Design = readonly Float64Array[];

/** How much a coefficient of a covariate of deviation 1 is held back: as much as one more row would. */
const PENALTY = 1;
/** The intercept is all but free; this keeps it finite where every label is the same. */
const INTERCEPT_PENALTY = 0.01;
const STEPS = 50;
const HALVINGS = 20;

const penaltyOf = (column: number): number => (column === 0 ? INTERCEPT_PENALTY : PENALTY);

const widthOf = (design: Design): number => design[0]?.length ?? 1;

const dot = (row: Float64Array, beta: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < beta.length; i += 1) sum += (row[i] ?? 0) * (beta[i] ?? 0);
  return sum;
};

/**
 * x of A x = b for a symmetric, positive definite A, given row by row. Cholesky's A = L Lᵀ, then forwards and
 * backwards (Golub and Van Loan, Matrix Computations, §4.2).
 */
export const solve = (a: Float64Array, b: Float64Array): Float64Array => {
  const size = b.length;
  const lower = new Float64Array(size * size);
  const x = Float64Array.from(b);
  const at = (row: number, column: number): number => lower[row * size + column] ?? 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = a[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= at(row, k) * at(column, k);
      lower[row * size + column] = row === column ? Math.sqrt(sum) : sum / at(column, column);
    }
  }
  for (let row = 0; row < size; row += 1) {
    let sum = x[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= at(row, k) * (x[k] ?? 0);
    x[row] = sum / at(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= at(k, row) * (x[k] ?? 0);
    x[row] = sum / at(row, row);
  }
  return x;
};

/** XᵀWX + penalty, and Xᵀr, of a weight and a right side for each row. */
const normalEquations = (
  design: Design,
  weights: Float64Array | null,
  rightSides: Float64Array,
): readonly [Float64Array, Float64Array] => {
  const size = widthOf(design);
  const a = new Float64Array(size * size);
  const b = new Float64Array(size);
  for (let column = 0; column < size; column += 1) a[column * size + column] = penaltyOf(column);
  for (let index = 0; index < design.length; index += 1) {
    const row = design[index] ?? b;
    const weight = weights === null ? 1 : (weights[index] ?? 0);
    const rightSide = rightSides[index] ?? 0;
    for (let i = 0; i < size; i += 1) {
      const value = row[i] ?? 0;
      b[i] = (b[i] ?? 0) + value * rightSide;
      for (let j = 0; j <= i; j += 1)
        a[i * size + j] = (a[i * size + j] ?? 0) + weight * value * (row[j] ?? 0);
    }
  }
  return [a, b];
};

/** Least squares with a penalty: β = (XᵀX + λI)⁻¹ Xᵀy (Hoerl and Kennard 1970). Returns what it expects of a row. */
export const fitLinear = (design: Design, y: Float64Array): ((row: Float64Array) => number) => {
  const beta = solve(...normalEquations(design, null, y));
  return (row) => dot(row, beta);
};

const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));

/** −log-likelihood + ½ penalty; log(1 + eᵗ) is taken where it cannot overflow. */
const loss = (design: Design, y: Float64Array, beta: Float64Array): number => {
  let sum = 0;
  for (let index = 0; index < design.length; index += 1) {
    const t = dot(design[index] ?? beta, beta);
    sum += Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t))) - (y[index] ?? 0) * t;
  }
  for (let i = 0; i < beta.length; i += 1) sum += 0.5 * penaltyOf(i) * (beta[i] ?? 0) ** 2;
  return sum;
};

/**
 * Logistic regression with the same penalty, by Newton's method with halved steps (le Cessie and van Houwelingen
 * 1992). `y` has 0 and 1. Returns the probability that it gives a row.
 */
export const fitLogistic = (design: Design, y: Float64Array): ((row: Float64Array) => number) => {
  let beta: Float64Array = new Float64Array(widthOf(design));
  let now = loss(design, y, beta);
  for (let step = 0; step < STEPS; step += 1) {
    const held = beta;
    const chances = Float64Array.from(design, (row) => sigmoid(dot(row, held)));
    const [hessian, gradient] = normalEquations(
      design,
      chances.map((p) => Math.max(p * (1 - p), 1e-9)),
      chances.map((p, index) => (y[index] ?? 0) - p),
    );
    const direction = solve(
      hessian,
      gradient.map((value, i) => value - penaltyOf(i) * (held[i] ?? 0)),
    );
    let scale = 1;
    let tried = held;
    let then = now;
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      tried = held.map((value, i) => value + scale * (direction[i] ?? 0));
      then = loss(design, y, tried);
      if (then <= now) break;
      scale /= 2;
    }
    if (then > now) break;
    const gained = now - then;
    beta = tried;
    now = then;
    if (gained < 1e-9) break;
  }
  return (row) => sigmoid(dot(row, beta));
};
