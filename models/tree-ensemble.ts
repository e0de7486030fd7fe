/**
 * Boosted binary trees as flat arrays. A node with `left[n] >= 0` splits: `x <= threshold` goes left, NaN goes
 * where `missingLeft` says. The others are leaves with a value in log-odds. All numbers are exact in float32,
 * so that every runtime takes the same branch. `cover` is how many training rows came by.
 */
export interface Tree {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float32Array;
  readonly cover: Float64Array;
}

export interface TreeEnsemble {
  readonly columns: number;
  /** Log-odds before any tree. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** Probability of class 1 for each row of a row-major matrix. */
export const predict = (ensemble: TreeEnsemble, matrix: Float32Array, rows: number): Float32Array => {
  const probabilities = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const offset = row * ensemble.columns;
    let score = ensemble.base;
    for (const tree of ensemble.trees) score += tree.value[leafOf(tree, matrix, offset)] ?? 0;
    probabilities[row] = 1 / (1 + Math.exp(-score));
  }
  return probabilities;
};

/** The leaf that the row at `offset` falls into. */
export const leafOf = (tree: Tree, matrix: Float32Array, offset: number): number => {
  const { feature, threshold, missingLeft, left, right } = tree;
  let node = 0;
  for (;;) {
    const toLeft = left[node] ?? -1;
    if (toLeft < 0) return node;
    const value = matrix[offset + (feature[node] ?? 0)] ?? NaN;
    const goesLeft = Number.isNaN(value) ? missingLeft[node] === 1 : value <= (threshold[node] ?? 0);
    node = goesLeft ? toLeft : (right[node] ?? -1);
  }
};
