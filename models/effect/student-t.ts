/** The normal quantile for 97.5 %. */
const Z = 1.959963984540054;

/**
 * The quantile of Student's t for 97.5 %, by its expansion around the normal one (Abramowitz and Stegun 26.7.5).
 * 10 degrees → 2.228, 30 → 2.042, ∞ → 1.960; from 4 degrees on it is right to three digits.
 */
export const studentT975 = (degrees: number): number => {
  const [z2, n] = [Z * Z, degrees];
  const g1 = (z2 + 1) / 4;
  const g2 = ((5 * z2 + 16) * z2 + 3) / 96;
  const g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92_160;
  return Z * (1 + g1 / n + g2 / n ** 2 + g3 / n ** 3 + g4 / n ** 4);
};
