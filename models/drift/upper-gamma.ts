/** ln Γ(x) for x > 0: Stirling's series, with the recurrence below 10 (NIST DLMF 5.11.1, 5.5.1). Right to 1e-13. */
export const lnGamma = (x: number): number => {
  let [at, ln] = [x, 0];
  for (; at < 10; at += 1) ln -= Math.log(at);
  const series =
    1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5) - 1 / (1680 * at ** 7) + 1 / (1188 * at ** 9);
  return ln + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
};

/**
 * Q(a, x), the regularised upper incomplete gamma function: the tail of χ² with 2a degrees of freedom beyond 2x
 * (NIST DLMF 8.11.4 below a + 1, the continued fraction 8.9.2 by Lentz's method above it).
 */
export const upperGamma = (a: number, x: number): number => {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  return x < a + 1 ? Math.max(0, 1 - front * lowerSeries(a, x)) : front * upperFraction(a, x);
};

const lowerSeries = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
};

const upperFraction = (a: number, x: number): number => {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const weight = -n * (n - a);
    b += 2;
    d = 1 / notZero(weight * d + b, tiny);
    c = notZero(b + weight / c, tiny);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
};

const notZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);
