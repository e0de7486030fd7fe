/** How often something was seen before and of late, each in its span of time. */
export interface Seen {
  readonly before: number;
  readonly beforeDays: number;
  readonly lately: number;
  readonly latelyDays: number;
}

export interface Rise {
  /** Lately ÷ before, both a day; Infinity for what was never seen before. */
  readonly factor: number;
  /** Chance of as many or more of late, if nothing had changed: one-sided, exact. */
  readonly pValue: number;
}

/** ln n!, by Stirling's series from 20 on: exact to 1e-10. Source: NIST DLMF 5.11.1. */
const lnFactorial = (n: number): number => {
  let sum = 0;
  if (n < 20) {
    for (let i = 2; i <= n; i += 1) sum += Math.log(i);
    return sum;
  }
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
};

/** P(X ≥ least) of a binomial: the terms summed from the largest tail term on. */
const binomialTail = (n: number, p: number, least: number): number => {
  if (least <= 0) return 1;
  let tail = 0;
  for (let k = least; k <= n; k += 1) {
    const ln =
      lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
    const term = Math.exp(ln);
    tail += term;
    if (term < tail * 1e-12 && k > n * p) break;
  }
  return Math.min(1, tail);
};

/**
 * Whether something has risen. Two counts of Poisson rates are compared by the conditional test: given their sum, the
 * later one is binomial with the share of time that it had (Przyborowski and Wilenski, Biometrika 1940).
 * 3 in 21 days, then 9 in 7 days: factor 9, p ≈ 0.0004.
 */
export const riseOf = ({ before, beforeDays, lately, latelyDays }: Seen): Rise => ({
  factor: before === 0 ? (lately === 0 ? 1 : Infinity) : lately / latelyDays / (before / beforeDays),
  pValue: binomialTail(before + lately, latelyDays / (beforeDays + latelyDays), lately),
});
