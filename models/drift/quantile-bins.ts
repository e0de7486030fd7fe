/** Inner edges of bins over a reference: bin b holds `edges[b − 1] ≤ x < edges[b]`, the first and last are open. */
export type BinEdges = readonly number[];

/**
 * Edges at the quantiles of an ascending reference, by linear interpolation as numpy's default; equal ones are one
 * edge, so that a feature of few values has few bins. [1 … 9] in 4 bins → 3, 5, 7.
 */
export const quantileEdges = (sorted: ArrayLike<number>, bins: number): BinEdges => {
  const edges = new Set<number>();
  for (let bin = 1; bin < bins; bin++) {
    const place = ((sorted.length - 1) * bin) / bins;
    const below = sorted[Math.floor(place)] ?? NaN;
    const above = sorted[Math.ceil(place)] ?? below;
    edges.add(below + (above - below) * (place - Math.floor(place)));
  }
  // What lies below an edge at the least value could never be seen in the reference.
  edges.delete(sorted[0] ?? NaN);
  return [...edges].filter((edge) => !Number.isNaN(edge));
};

/** How many values fall in each bin, and how many are NaN. */
export const countInBins = (
  values: ArrayLike<number>,
  edges: BinEdges,
): { readonly counts: number[]; readonly missing: number } => {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) missing++;
    else {
      const bin = binAt(value, edges);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  return { counts, missing };
};

/** Number of edges at or below the value, by bisection. */
const binAt = (value: number, edges: BinEdges): number => {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= (edges[middle] ?? Infinity)) low = middle + 1;
    else high = middle;
  }
  return low;
};
