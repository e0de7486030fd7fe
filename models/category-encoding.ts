/** A column of category codes, and the number that each stands for; a code never seen in training is missing. */
export interface CategoryEncoding {
  readonly column: number;
  /** Rising. */
  readonly codes: Float32Array;
  readonly values: Float32Array;
}

/** The matrix with categories replaced; the matrix itself where there are none. */
export const encodeCategories = (
  encodings: readonly CategoryEncoding[],
  matrix: Float32Array,
  rows: number,
  columns: number,
): Float32Array => {
  if (encodings.length === 0) return matrix;
  const encoded = matrix.slice(0, rows * columns);
  for (const { column, codes, values } of encodings) {
    const valueOf = new Map(Array.from(codes, (code, index) => [code, values[index]!]));
    for (let row = 0; row < rows; row++) {
      const at = row * columns + column;
      encoded[at] = valueOf.get(encoded[at]!) ?? NaN;
    }
  }
  return encoded;
};
