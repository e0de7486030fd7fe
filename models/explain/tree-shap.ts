import type { Tree, TreeEnsemble } from '../tree-ensemble.ts';
import { branch, type ShapTables, shapTables } from './shap-tables.ts';

/**
 * What each feature adds to the log-odds of one row: exact SHAP values of path-dependent trees (S. Lundberg et al., 2020), in
 * which a feature that is "not known" goes down both branches, weighted by their covers. With `expected`, the mean over the
 * training rows, they sum to the margin of the row.
 *
 * A leaf counts in so far as every feature on its path is known and right, or not known: with each known by the chance t,
 * its weight is Π (t · isRight + (1 − t) · share of rows). The value of a feature is ∫₀¹ of the slope of that in its factor
 * (G. Owen, "Multilinear extensions of games", 1972), a polynomial that a few places t tell exactly. All weights under a branch are added up
 * before they are divided by its factor (P. Yu et al., "Linear TreeShap", 2022), so that the work grows with nodes × places,
 * half of the longest path, and all that does not depend on the row is in tables.
 *
 * One split x ≤ 5 with 30 rows left at −1 and 10 right at +3, base 0 → expected 0; a row with x = 7 → 3, all of it by x.
 */
export class TreeShap {
  /** What the ensemble says of the average training row, in log-odds. */
  readonly expected: number;
  readonly #columns: number;
  readonly #trees: readonly ShapTables[];
  readonly #how: Uint8Array;
  readonly #weights: Float64Array;

  constructor({ columns, base, trees }: TreeEnsemble) {
    this.#columns = columns;
    this.expected = trees.reduce((sum, tree) => sum + meanOf(tree, 0), base);
    this.#trees = trees.map(shapTables);
    this.#how = new Uint8Array(Math.max(0, ...this.#trees.map(({ size }) => size)));
    this.#weights = new Float64Array(Math.max(0, ...this.#trees.map(({ size, places }) => size * places)));
  }

  valuesOf(row: Float32Array): Float64Array {
    const values = new Float64Array(this.#columns);
    for (const tree of this.#trees) {
      this.#down(tree, row);
      this.#up(tree, values);
    }
    return values;
  }

  /** The weight of each leaf times what it says; of the nodes above, what its leaves will be added to. */
  #down(tree: ShapTables, row: Float32Array): void {
    const {
      size,
      places,
      parent,
      asked,
      feature,
      threshold,
      isLeft,
      missingLeft,
      factor,
      value: says,
    } = tree;
    const how = this.#how;
    const weights = this.#weights;
    how[0] = branch.taken;
    weights.fill(1, 0, places);
    for (let at = 1; at < size; at++) {
      const value = row[feature[at]!]!;
      const goesLeft = Number.isNaN(value) ? missingLeft[at]! : value <= threshold[at]! ? 1 : 0;
      const before = asked[at]!;
      const was = before < 0 ? branch.taken : how[before]!;
      how[at] =
        was !== branch.taken ? branch.missedBefore : goesLeft === isLeft[at] ? branch.taken : branch.missed;
      const from = parent[at]! * places;
      const by = (3 * at + how[at]!) * places;
      for (let place = 0; place < places; place++)
        weights[at * places + place] = weights[from + place]! * factor[by + place]!;
    }
    for (let at = 0; at < size; at++)
      for (let place = at * places; place < (at + 1) * places; place++) weights[place]! *= says[at]!;
  }

  #up({ size, places, parent, feature, share }: ShapTables, values: Float64Array): void {
    const weights = this.#weights;
    for (let at = size - 1; at > 0; at--) {
      const to = parent[at]! * places;
      const from = (3 * at + this.#how[at]!) * places;
      let sum = 0;
      for (let place = 0; place < places; place++) {
        const weight = weights[at * places + place]!;
        weights[to + place]! += weight;
        sum += weight * share[from + place]!;
      }
      values[feature[at]!]! += sum;
    }
  }
}

const meanOf = (tree: Tree, node: number): number => {
  const left = tree.left[node]!;
  if (left < 0) return tree.value[node]!;
  const right = tree.right[node]!;
  const cover = tree.cover[left]! + tree.cover[right]!;
  return (tree.cover[left]! * meanOf(tree, left) + tree.cover[right]! * meanOf(tree, right)) / cover;
};
