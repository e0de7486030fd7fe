/** Median absolute deviation of a normal distribution in its standard deviations. */
const MAD_OF_NORMAL = 0.6745;

/**
 * Standard deviation of one block, from the differences of neighbours: their median size ÷ .6745 ÷ √2. A change of
 * level is one difference of many and moves the median hardly, where it would double a plain deviation.
 * [1 2 1 2 9 10 9] → 1.05.
 */
export const blockNoise = (values: readonly number[]): number => {
  const steps = values.slice(1).map((value, at) => Math.abs(value - (values[at] ?? value)));
  steps.sort((a, b) => a - b);
  const middle = steps.length / 2;
  const median = ((steps[Math.ceil(middle) - 1] ?? 0) + (steps[Math.floor(middle)] ?? 0)) / 2;
  return median / MAD_OF_NORMAL / Math.SQRT2;
};
