/** Bins for values, at most, in each column; NaN has one more. */
const valueBins = 254;

/** Row-major: the bin of each value, numbered through over all columns. */
export interface Places {
  readonly columns: number;
  readonly places: Uint16Array | Uint32Array;
}

/**
 * A matrix as bins. Column c has `edges[c].length + 1` bins for values and a last one for NaN. Of columns with 3 and 5
 * bins, bin 1 of the second is place `first[1] + 1` = 4, and NaN of the first is place `first[1] − 1` = 2.
 */
export interface BinnedMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Where the bins of each column begin in a histogram; at the end, how many there are in all. */
  readonly first: Int32Array;
  /** Column by column: to part rows by one column reads what lies together. */
  readonly bins: Uint8Array;
  /** `edges[c][b]`: values in bin b are `<=` it, values in bin b + 1 are above it. Exact in float32. */
  readonly edges: readonly Float32Array[];
}

/** Cuts each column into up to 254 bins of about equal count, with an edge between any two bins' values. */
export const binMatrix = (matrix: Float32Array, rows: number, columns: number): BinnedMatrix => {
  const first = new Int32Array(columns + 1);
  const bins = new Uint8Array(rows * columns);
  const edges: Float32Array[] = [];
  const values = new Float32Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) values[row] = matrix[row * columns + column]!;
    const cuts = edgesOf(sampleOf(values));
    const to = bins.subarray(column * rows, (column + 1) * rows);
    for (let row = 0; row < rows; row++) to[row] = binOf(values[row]!, cuts);
    edges.push(cuts);
    first[column + 1] = first[column]! + cuts.length + 2;
  }
  return { rows, columns, bins, first, edges };
};

/** Writes the places of the used columns, side by side. */
export const writePlaces = (
  { rows, bins, first }: BinnedMatrix,
  used: Int32Array,
  places: Uint16Array | Uint32Array,
): Places => {
  for (let index = 0; index < used.length; index++) {
    const column = used[index]!;
    const offset = column * rows;
    const from = first[column]!;
    for (let row = 0, at = index; row < rows; row++, at += used.length)
      places[at] = from + bins[offset + row]!;
  }
  return { columns: used.length, places };
};

/** Number of edges below the value, by bisection; NaN comes after all values. */
export const binOf = (value: number, edges: Float32Array): number => {
  if (Number.isNaN(value)) return edges.length + 1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Rows from which edges are taken, spread evenly: with more, no bin's share of the rows would move by a tenth. */
const sampledRows = 40_000;

/** Sorted, without NaN. */
const sampleOf = (values: Float32Array): Float32Array => {
  const step = Math.max(1, values.length / sampledRows);
  const sampled = new Float32Array(Math.min(values.length, sampledRows));
  let known = 0;
  for (let taken = 0; taken < sampled.length; taken++) {
    const value = values[Math.floor(taken * step)]!;
    if (!Number.isNaN(value)) sampled[known++] = value;
  }
  return sampled.subarray(0, known).sort();
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
    const value = sorted[index]!;
    const next = sorted[index + 1]!;
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
