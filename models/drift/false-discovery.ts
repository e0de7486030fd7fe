/**
 * Which of many tests may be believed when at most `rate` of those believed are false on average (Benjamini and
 * Hochberg 1995). It holds for tests that are independent or positively dependent (PRDS: Benjamini and Yekutieli
 * 2001), as those of features that rise and fall together are; for `any` dependence the rate is divided by
 * 1 + ½ + … + 1/m, as the latter show. [.001 .02 .03 .5] at .05 → the first three.
 */
export const believed = (
  pValues: readonly number[],
  rate: number,
  dependence: 'positive' | 'any' = 'positive',
): boolean[] => {
  const count = pValues.length;
  const harmonic = pValues.reduce((sum, _, at) => sum + 1 / (at + 1), 0);
  const allowed = dependence === 'any' ? rate / Math.max(1, harmonic) : rate;
  let threshold = -1;
  for (const [at, pValue] of [...pValues].sort((a, b) => a - b).entries())
    if (pValue <= (allowed * (at + 1)) / count) threshold = pValue;
  return pValues.map((pValue) => pValue <= threshold);
};
