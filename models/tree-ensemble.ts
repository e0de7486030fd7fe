/**
 * Boosted binary trees as flat arrays. A node with `left[n] >= 0` splits: `x <= threshold` goes left, NaN goes
 * where `missingLeft` says. The others are leaves with a value in the units of the score. All numbers are exact in
 * float32, so that every runtime takes the same branch. `cover` is how many training rows came by.
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
  /** The score before any tree. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** So many nodes, each of them a leaf of 0 until something else is written. */
export const newTree = (size: number): Tree => ({
  feature: new Int32Array(size),
  threshold: new Float32Array(size),
  missingLeft: new Uint8Array(size),
  left: new Int32Array(size).fill(-1),
  right: new Int32Array(size).fill(-1),
  value: new Float32Array(size),
  cover: new Float64Array(size),
});

/** The leaf that the row at `offset` falls into. */
export const leafOf = (tree: Tree, matrix: Float32Array, offset: number): number => {
  const { feature, threshold, missingLeft, left, right } = tree;
  let node = 0;
  for (;;) {
    const toLeft = left[node]!;
    if (toLeft < 0) return node;
    const value = matrix[offset + feature[node]!]!;
    const goesLeft = Number.isNaN(value) ? missingLeft[node] === 1 : value <= threshold[node]!;
    node = goesLeft ? toLeft : right[node]!;
  }
};

/**
 * The score of each row of a row-major matrix, before any link, at `into[row · stride + at]`. Added up as onnxruntime
 * does, tree by tree in float32 and the base last: equal to the bit, so that what follows (a calibration may be steep)
 * starts from the same number.
 */
export const addUp = (
  ensemble: TreeEnsemble,
  matrix: Float32Array,
  rows: number,
  into: Float32Array,
  stride = 1,
  at = 0,
): Float32Array => {
  const { columns, base, trees } = ensemble;
  for (let row = 0; row < rows; row++) {
    let score = 0;
    for (const tree of trees) score = Math.fround(score + tree.value[leafOf(tree, matrix, row * columns)]!);
    into[row * stride + at] = score + base;
  }
  return into;
};
