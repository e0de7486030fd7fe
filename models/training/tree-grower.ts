import type { Tree } from '../tree-ensemble.ts';
import { type BinnedMatrix, binsPerColumn, missingBin } from './bins.ts';

export interface GrowOptions {
  readonly maxLeaves: number;
  readonly minDataInLeaf: number;
  readonly minHessian: number;
  /** L2 on leaf values. */
  readonly lambda: number;
  readonly minGain: number;
  /** Shrinks each leaf. */
  readonly learningRate: number;
}

interface Split {
  readonly gain: number;
  readonly column: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

/** A leaf that may still be split: its rows are `order[from; to)`. */
interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly histogram: Float64Array;
  readonly split: Split | null;
}

interface Node {
  feature: number;
  threshold: number;
  missingLeft: boolean;
  left: number;
  right: number;
  readonly value: number;
  readonly cover: number;
}

/** Gradient, hessian and count of each bin of each column in use. */
const cells = 3;

/**
 * Grows trees on gradients, leaf by leaf where the gain is largest (G. Ke et al., LightGBM, 2017; gain and leaf
 * value as in T. Chen, C. Guestrin, XGBoost, 2016, eq. 6 and 7). The histogram of the smaller child is counted,
 * that of its sibling is the parent's minus it.
 */
export class TreeGrower {
  readonly #data: BinnedMatrix;
  readonly #options: GrowOptions;
  readonly #spare: Float64Array[] = [];
  readonly #scratch: Int32Array;
  #gradients: Float64Array = new Float64Array(0);
  #hessians: Float64Array = new Float64Array(0);
  #order: Int32Array = new Int32Array(0);
  #columns: Int32Array = new Int32Array(0);
  #nodes: Node[] = [];

  constructor(data: BinnedMatrix, options: GrowOptions) {
    this.#data = data;
    this.#options = options;
    this.#scratch = new Int32Array(data.rows);
  }

  /** One tree from the rows in `order`, which is permuted, and the given columns; both may differ each time. */
  grow(gradients: Float64Array, hessians: Float64Array, order: Int32Array, columns: Int32Array): Tree {
    if (columns.length !== this.#columns.length) this.#spare.length = 0;
    this.#gradients = gradients;
    this.#hessians = hessians;
    this.#order = order;
    this.#columns = columns;
    this.#nodes = [];
    const leaves = [this.#leaf(0, order.length, this.#count(0, order.length))];
    while (leaves.length < this.#options.maxLeaves) {
      let best = -1;
      for (const [index, { split }] of leaves.entries()) {
        if (split !== null && split.gain > (leaves[best]?.split?.gain ?? 0)) best = index;
      }
      const leaf = leaves[best];
      if (leaf === undefined || leaf.split === null) break;
      const [left, right] = this.#divide(leaf, leaf.split);
      leaves[best] = left;
      leaves.push(right);
    }
    for (const { histogram } of leaves) this.#spare.push(histogram);
    return treeOf(this.#nodes);
  }

  #leaf(from: number, to: number, histogram: Float64Array): Leaf {
    let gradient = 0;
    let hessian = 0;
    for (let index = from; index < to; index++) {
      const row = this.#order[index] ?? 0;
      gradient += this.#gradients[row] ?? 0;
      hessian += this.#hessians[row] ?? 0;
    }
    const { lambda, learningRate } = this.#options;
    const value = Math.fround((-gradient / (hessian + lambda)) * learningRate);
    const node = this.#nodes.length;
    this.#nodes.push({
      feature: 0,
      threshold: 0,
      missingLeft: false,
      left: -1,
      right: -1,
      value,
      cover: to - from,
    });
    const split = this.#bestSplit(histogram, gradient, hessian, to - from);
    return { node, from, to, histogram, split };
  }

  #divide(leaf: Leaf, split: Split): [Leaf, Leaf] {
    const middle = this.#partition(leaf, split);
    const leftIsSmaller = middle - leaf.from <= leaf.to - middle;
    const counted = leftIsSmaller ? this.#count(leaf.from, middle) : this.#count(middle, leaf.to);
    const sibling = leaf.histogram;
    for (let at = 0; at < sibling.length; at++) sibling[at] = (sibling[at] ?? 0) - (counted[at] ?? 0);
    const left = this.#leaf(leaf.from, middle, leftIsSmaller ? counted : sibling);
    const right = this.#leaf(middle, leaf.to, leftIsSmaller ? sibling : counted);
    const node = this.#nodes[leaf.node];
    if (node !== undefined) {
      node.feature = split.column;
      node.threshold = this.#data.edges[split.column]?.[split.bin] ?? Infinity;
      node.missingLeft = split.missingLeft;
      node.left = left.node;
      node.right = right.node;
    }
    return [left, right];
  }

  /** Stable, so that the same rows always sum in the same order. Returns where the right half begins. */
  #partition({ from, to }: Leaf, { column, bin, missingLeft }: Split): number {
    const { bins, columns } = this.#data;
    let middle = from;
    let aside = 0;
    for (let index = from; index < to; index++) {
      const row = this.#order[index] ?? 0;
      const at = bins[row * columns + column] ?? missingBin;
      if (at === missingBin ? missingLeft : at <= bin) this.#order[middle++] = row;
      else this.#scratch[aside++] = row;
    }
    this.#order.set(this.#scratch.subarray(0, aside), middle);
    return middle;
  }

  #count(from: number, to: number): Float64Array {
    const { bins, columns } = this.#data;
    const used = this.#columns;
    const histogram = this.#spare.pop()?.fill(0) ?? new Float64Array(used.length * binsPerColumn * cells);
    for (let index = from; index < to; index++) {
      const row = this.#order[index] ?? 0;
      const gradient = this.#gradients[row] ?? 0;
      const hessian = this.#hessians[row] ?? 0;
      const offset = row * columns;
      for (let u = 0; u < used.length; u++) {
        const at = (u * binsPerColumn + (bins[offset + (used[u] ?? 0)] ?? 0)) * cells;
        histogram[at] = (histogram[at] ?? 0) + gradient;
        histogram[at + 1] = (histogram[at + 1] ?? 0) + hessian;
        histogram[at + 2] = (histogram[at + 2] ?? 0) + 1;
      }
    }
    return histogram;
  }

  #bestSplit(histogram: Float64Array, gradient: number, hessian: number, count: number): Split | null {
    const { minDataInLeaf, lambda, minGain } = this.#options;
    if (count < 2 * minDataInLeaf) return null;
    const parent = (gradient * gradient) / (hessian + lambda);
    let best: Split | null = null;
    for (const [index, column] of this.#columns.entries()) {
      const from = index * binsPerColumn * cells;
      const missingAt = from + missingBin * cells;
      const missing = histogram[missingAt + 2] ?? 0;
      const last = this.#data.edges[column]?.length ?? 0;
      for (let side = 0; side < (missing > 0 ? 2 : 1); side++) {
        const missingLeft = side === 1;
        let leftGradient = missingLeft ? (histogram[missingAt] ?? 0) : 0;
        let leftHessian = missingLeft ? (histogram[missingAt + 1] ?? 0) : 0;
        let leftCount = missingLeft ? missing : 0;
        // With NaN on the right, the split after the last bin parts the known from the missing.
        const end = missing > 0 && !missingLeft ? last + 1 : last;
        for (let bin = 0; bin < end; bin++) {
          const at = from + bin * cells;
          leftGradient += histogram[at] ?? 0;
          leftHessian += histogram[at + 1] ?? 0;
          leftCount += histogram[at + 2] ?? 0;
          if (leftCount < minDataInLeaf || leftHessian < this.#options.minHessian) continue;
          const rightHessian = hessian - leftHessian;
          if (count - leftCount < minDataInLeaf || rightHessian < this.#options.minHessian) break;
          const rightGradient = gradient - leftGradient;
          const gain =
            (leftGradient * leftGradient) / (leftHessian + lambda) +
            (rightGradient * rightGradient) / (rightHessian + lambda) -
            parent;
          if (gain > minGain && gain > (best?.gain ?? 0)) best = { gain, column, bin, missingLeft };
        }
      }
    }
    return best;
  }
}

const treeOf = (nodes: readonly Node[]): Tree => ({
  feature: Int32Array.from(nodes, ({ feature }) => feature),
  threshold: Float32Array.from(nodes, ({ threshold }) => threshold),
  missingLeft: Uint8Array.from(nodes, ({ missingLeft }) => (missingLeft ? 1 : 0)),
  left: Int32Array.from(nodes, ({ left }) => left),
  right: Int32Array.from(nodes, ({ right }) => right),
  value: Float32Array.from(nodes, ({ value }) => value),
  cover: Float64Array.from(nodes, ({ cover }) => cover),
});
