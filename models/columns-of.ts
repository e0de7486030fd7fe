import { ForewarnError } from '../runtime/forewarn-error.ts';
import type { Signature } from './signature.ts';

const bare = (column: string): string => column.replace(/@\d+$/, '');

/**
 * Where each column of a model lies among the declared features, found once when it is loaded: so models of different
 * sets of features are served side by side, and a feature may be added while old models go on.
 * Model: slack, mode · declared: legs, mode, slack → 2, 1. Throws FW208 for a column that is not declared, or whose
 * meaning has changed since the model learned it.
 */
export const columnsOf = (
  { model, version, features }: Pick<Signature, 'model' | 'version' | 'features'>,
  declared: readonly string[],
): Int32Array => {
  const places = new Map(declared.map((name, index) => [name, index]));
  return Int32Array.from(features, ({ name }, column) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const now = declared.find((one) => bare(one) === bare(name));
    const why = now === undefined ? 'which is not declared' : `whose meaning has changed: it is "${now}" now`;
    throw new ForewarnError(
      'FW208',
      `model "${model}" version ${version}: its column ${column} is "${name}", ${why}; train it again on today's features or choose another version.`,
    );
  });
};

/**
 * The first `rows` rows of a matrix of all declared features as the model takes them; the matrix itself where it takes
 * them just so.
 */
export const projected = (
  matrix: Float32Array,
  rows: number,
  declared: number,
  columns: Int32Array,
): Float32Array => {
  const width = columns.length;
  if (width === declared && columns.every((place, column) => place === column)) return matrix;
  const taken = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const from = row * declared;
    const to = row * width;
    for (let column = 0; column < width; column++) taken[to + column] = matrix[from + columns[column]!]!;
  }
  return taken;
};
