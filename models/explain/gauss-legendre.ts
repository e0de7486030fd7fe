export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Points and weights with which Σ wᵢ · f(tᵢ) is ∫₀¹ f(t) dt, exactly for a polynomial of a degree up to 2 · count − 1
 * (Gauss-Legendre; the roots by Newton's method, W. Press et al., "Numerical Recipes", 4.6). Two points → .211 and .789,
 * each of weight .5.
 */
export const gaussLegendre = (count: number): Quadrature => {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let root = Math.cos((Math.PI * (at + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let round = 0; round < 100; round++) {
      const { value, derivative } = legendre(count, root);
      slope = derivative;
      const step = value / derivative;
      root -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    points[at] = (1 - root) / 2;
    weights[at] = 1 / ((1 - root * root) * slope * slope);
  }
  return { points, weights };
};

/** The Legendre polynomial of a degree, and its slope, inside of (−1, 1). */
const legendre = (degree: number, x: number): { readonly value: number; readonly derivative: number } => {
  let [before, value] = [0, 1];
  for (let at = 0; at < degree; at++)
    [before, value] = [value, ((2 * at + 1) * x * value - at * before) / (at + 1)];
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
};
