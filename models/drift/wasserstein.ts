/**
 * Earth mover's distance of two ascending samples without NaN, in the unit of the values: the area between their
 * distribution functions. [0 1 3] and [5 6 8] → 5.
 */
export const wasserstein = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
  const [n, m] = [left.length, right.length];
  if (n === 0 || m === 0) return NaN;
  let [i, j, area] = [0, 0, 0];
  let before = Math.min(left[0] ?? 0, right[0] ?? 0);
  while (i < n || j < m) {
    const value = Math.min(left[i] ?? Infinity, right[j] ?? Infinity);
    area += Math.abs(i / n - j / m) * (value - before);
    while (i < n && left[i] === value) i++;
    while (j < m && right[j] === value) j++;
    before = value;
  }
  return area;
};
