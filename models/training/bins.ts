/** Bin of NaN in every column; the others are 0 to at most 253. */
export const missingBin = 254;
export const binsPerColumn = 255;
const valueBins = 254;

/** A matrix as bin numbers, row-major, and for each column the upper edge of every bin but its last. */
export interface BinnedMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly bins: Uint8Array;
  /** `edges[c][b]`: values in bin b are `<=` it, values in bin b + 1 are above it. Exact in float32. */
  readonly edges: readonly Float32Array[];
}

/** Cuts each column into up to 254 bins of about equal count, with an edge between any two bins' values. */
export const binMatrix = (matrix: Float32Array, rows: number, columns: number): BinnedMatrix => {
  const bins = new Uint8Array(rows * columns);
  const edges: Float32Array[] = [];
  const column = new Float32Array(rows);
  for (let c = 0; c < columns; c++) {
    let known = 0;
    for (let row = 0; row < rows; row++) {
      const value = matrix[row * columns + c] ?? NaN;
      if (!Number.isNaN(value)) column[known++] = value;
    }
    const cuts = edgesOf(column.slice(0, known).sort());
    edges.push(cuts);
    for (let row = 0; row < rows; row++) {
      const at = row * columns + c;
      bins[at] = binOf(matrix[at] ?? NaN, cuts);
    }
  }
  return { rows, columns, bins, edges };
};

/** Number of edges below the value, by bisection; NaN has its own bin. */
export const binOf = (value: number, edges: Float32Array): number => {
  if (Number.isNaN(value)) return missingBin;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Edges over sorted values: a bin closes once it holds its share of the rows that are left. */
const edgesOf = (sorted: Float32Array): Float32Array => {
  const distinct = countDistinct(sorted);
  const edges: number[] = [];
  let inBin = 0;
  let left = sorted.length;
  let wanted = distinct <= valueBins ? 0 : left / valueBins;
  for (let index = 0; index + 1 < sorted.length && edges.length < valueBins - 1; index++) {
    inBin++;
    const value = sorted[index] ?? 0;
    const next = sorted[index + 1] ?? 0;
    if (value === next || inBin < wanted) continue;
    edges.push(between(value, next));
    left -= inBin;
    inBin = 0;
    if (distinct > valueBins) wanted = left / (valueBins - edges.length);
  }
  return Float32Array.from(edges);
};

const countDistinct = (sorted: Float32Array): number => {
  let distinct = sorted.length === 0 ? 0 : 1;
  for (let index = 1; index < sorted.length; index++) if (sorted[index] !== sorted[index - 1]) distinct++;
  return distinct;
};

/** A float32 with `low <= it < high`: the middle, or `low` where rounding or infinity leaves no room. */
const between = (low: number, high: number): number => {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
};
