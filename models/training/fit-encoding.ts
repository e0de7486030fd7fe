import type { CategoryEncoding } from '../category-encoding.ts';

/** A column of category codes, and how a number is made of each. */
export interface Categorical {
  readonly column: number;
  /**
   * `frequency`: its rank, the most frequent first. `target`: the mean label of its rows; in training of those *before*
   * the row, so that no row's own label is in its features (L. Prokhorenkova et al., CatBoost, 2018).
   */
  readonly encode: 'frequency' | 'target';
  /** Rows of average label that a category starts with, for `target`. */
  readonly smoothing?: number;
}

export interface Encoded {
  readonly encodings: readonly CategoryEncoding[];
  readonly matrix: Float32Array;
}

const defaultSmoothing = 10;

/**
 * Encodings from the first `learned` rows, in the order given, and the matrix with them. Rows from `learned` on are encoded
 * as in serving.
 */
export const fitEncodings = (
  categoricals: readonly Categorical[],
  matrix: Float32Array,
  rows: number,
  columns: number,
  labels: ArrayLike<number>,
  learned: number,
): Encoded => {
  if (categoricals.length === 0) return { encodings: [], matrix };
  const encoded = matrix.slice(0, rows * columns);
  const encodings = categoricals.map(({ column, encode, smoothing = defaultSmoothing }) => {
    const places = { matrix, column, columns, learned };
    const values = encode === 'frequency' ? ranksOf(places) : meansOf(places, labels, smoothing, encoded);
    for (let row = encode === 'frequency' ? 0 : learned; row < rows; row++) {
      const at = row * columns + column;
      encoded[at] = values.get(matrix[at]!) ?? NaN;
    }
    const codes = Float32Array.from(values.keys()).sort();
    return { column, codes, values: codes.map((code) => values.get(code)!) };
  });
  return { encodings, matrix: encoded };
};

interface Places {
  readonly matrix: Float32Array;
  readonly column: number;
  readonly columns: number;
  readonly learned: number;
}

const ranksOf = ({ matrix, column, columns, learned }: Places): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>();
  for (let row = 0; row < learned; row++) {
    const code = matrix[row * columns + column]!;
    if (!Number.isNaN(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const byCount = [...counts].toSorted(([a, left], [b, right]) => right - left || a - b);
  return new Map(byCount.map(([code], rank) => [code, rank]));
};

/** Writes each learned row's mean of the rows before it, and returns the means of all. */
const meansOf = (
  { matrix, column, columns, learned }: Places,
  labels: ArrayLike<number>,
  smoothing: number,
  encoded: Float32Array,
): ReadonlyMap<number, number> => {
  const seen = new Map<number, { sum: number; rows: number }>();
  const all = { sum: 0, rows: 0 };
  const prior = () => (all.rows === 0 ? 0 : all.sum / all.rows);
  const meanOf = ({ sum, rows }: { sum: number; rows: number }) =>
    (sum + smoothing * prior()) / (rows + smoothing);
  for (let row = 0; row < learned; row++) {
    const at = row * columns + column;
    const code = matrix[at]!;
    const known = seen.get(code) ?? { sum: 0, rows: 0 };
    if (!Number.isNaN(code)) {
      encoded[at] = meanOf(known);
      seen.set(code, known);
    }
    known.sum += labels[row]!;
    known.rows += 1;
    all.sum += labels[row]!;
    all.rows += 1;
  }
  return new Map([...seen].map(([code, known]) => [code, Math.fround(meanOf(known))]));
};
