import type { Tree } from '../tree-ensemble.ts';
import { bestSplit, hessianOf, type Split, type SplitOptions, type Sums } from './best-split.ts';
import { addRowsIn, type AddRows } from './add-rows.ts';
import { aligned, Arena } from './arena.ts';
import { type BinnedMatrix, type Places, writePlaces } from './bins.ts';
import { type Bounds, childBounds, unbounded, within } from './leaf-bounds.ts';
import type { PackedSums } from './packed-sums.ts';

export interface GrowOptions extends SplitOptions {
  readonly maxLeaves: number;
  /** Shrinks each leaf. */
  readonly learningRate: number;
}

/** The value of a leaf from its rows, where the gradients' own is not the one wanted. */
export type LeafValue = (rows: Int32Array) => number;

/** A node of the growing tree: its rows are `order[from; to)`. */
interface Node {
  readonly from: number;
  readonly to: number;
  readonly sums: Sums;
  readonly bounds: Bounds;
  split: Split | null;
  left: number;
  right: number;
}

/** A leaf that may still be split. */
interface Leaf {
  readonly at: number;
  readonly histogram: Float64Array;
  readonly split: Split | null;
}

/**
 * Grows trees on gradients, leaf by leaf where the gain is largest (G. Ke et al., LightGBM, 2017). The histogram of the
 * smaller child is counted, that of its sibling is the parent's minus it.
 */
export class TreeGrower {
  readonly #data: BinnedMatrix;
  readonly #options: GrowOptions;
  readonly #spare: readonly Float64Array[];
  readonly #scratch: Int32Array;
  readonly #addRows: AddRows;
  readonly #allPlaces: Uint16Array | Uint32Array;
  readonly #allOrder: Int32Array;
  /** Where `packSums` writes what a tree grows on. */
  readonly pairs: Float64Array;
  #histograms = 0;
  #places: Places | null = null;
  #sums: PackedSums = { pairs: new Float64Array(0), one: 1 };
  #order: Int32Array = new Int32Array(0);
  #used: Int32Array = new Int32Array(0);
  #nodes: Node[] = [];

  constructor(data: BinnedMatrix, options: GrowOptions) {
    const { rows, columns } = data;
    const bins = data.first.at(-1)!;
    const isWide = bins > 0x1_0000;
    const histograms = options.maxLeaves + 1;
    const arena = new Arena(
      aligned(rows * columns * (isWide ? 4 : 2)) +
        aligned(16 * rows) +
        aligned(4 * rows) +
        histograms * 16 * bins,
    );
    this.#data = data;
    this.#options = options;
    this.#allPlaces = isWide ? arena.uint32(rows * columns) : arena.uint16(rows * columns);
    this.pairs = arena.float64(2 * rows);
    this.#allOrder = arena.int32(rows);
    this.#spare = Array.from({ length: histograms }, () => arena.float64(2 * bins));
    this.#addRows = addRowsIn(arena.memory);
    this.#scratch = new Int32Array(rows);
  }

  /** One tree from the rows and columns given, which may differ each time; the sums lie in `pairs`. */
  grow(sums: PackedSums, rows: Int32Array, used: Int32Array, leafValue?: LeafValue): Tree {
    this.#sums = sums;
    this.#order = this.#allOrder.subarray(0, rows.length);
    this.#order.set(rows);
    if (used !== this.#used) this.#places = writePlaces(this.#data, used, this.#allPlaces);
    this.#used = used;
    this.#histograms = 0;
    this.#nodes = [];
    const leaves = [this.#root()];
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
    return this.#tree(leafValue);
  }

  /** Calls back with each leaf of the last tree and the rows that fell into it. */
  eachLeaf(use: (node: number, rows: Int32Array) => void): void {
    for (const [at, node] of this.#nodes.entries()) {
      if (node.split === null) use(at, this.#order.subarray(node.from, node.to));
    }
  }

  #root(): Leaf {
    const { pairs } = this.#sums;
    let gradient = 0;
    let packed = 0;
    for (let index = 0; index < this.#order.length; index++) {
      const row = this.#order[index]!;
      gradient += pairs[2 * row]!;
      packed += pairs[2 * row + 1]!;
    }
    const histogram = this.#count(0, this.#order.length);
    return this.#leaf(0, this.#order.length, { gradient, packed }, unbounded, histogram);
  }

  #leaf(from: number, to: number, sums: Sums, bounds: Bounds, histogram: Float64Array): Leaf {
    const at = this.#nodes.push({ from, to, sums, bounds, split: null, left: -1, right: -1 }) - 1;
    const { one } = this.#sums;
    const split = bestSplit(this.#data, this.#used, histogram, sums, one, bounds, this.#options);
    return { at, histogram, split };
  }

  #divide({ at, histogram }: Leaf, split: Split): [Leaf, Leaf] {
    const node = this.#nodes[at]!;
    const middle = this.#partition(node, split);
    const leftSums = split.left;
    const rightSums = {
      gradient: node.sums.gradient - leftSums.gradient,
      packed: node.sums.packed - leftSums.packed,
    };
    const direction = this.#options.monotone?.[split.column] ?? 0;
    const [low, high] = childBounds(node.bounds, direction, this.#best(leftSums), this.#best(rightSums));
    const leftIsSmaller = middle - node.from <= node.to - middle;
    const counted = leftIsSmaller ? this.#count(node.from, middle) : this.#count(middle, node.to);
    const sibling = takeAway(histogram, counted);
    const left = this.#leaf(node.from, middle, leftSums, low, leftIsSmaller ? counted : sibling);
    const right = this.#leaf(middle, node.to, rightSums, high, leftIsSmaller ? sibling : counted);
    node.split = split;
    node.left = left.at;
    node.right = right.at;
    return [left, right];
  }

  /** Stable, and without a branch that nobody can predict. Returns where the right half begins. */
  #partition({ from, to }: Node, { column, bin, missingLeft }: Split): number {
    const { bins, rows, edges } = this.#data;
    const order = this.#order;
    const scratch = this.#scratch;
    const offset = column * rows;
    const missing = missingLeft ? edges[column]!.length + 1 : -1;
    let middle = from;
    let aside = 0;
    for (let index = from; index < to; index++) {
      const row = order[index]!;
      const at = bins[offset + row]!;
      const isLeft = Number(at <= bin) | Number(at === missing);
      order[middle] = row;
      scratch[aside] = row;
      middle += isLeft;
      aside += 1 - isLeft;
    }
    order.set(scratch.subarray(0, aside), middle);
    return middle;
  }

  #count(from: number, to: number): Float64Array {
    const histogram = this.#spare[this.#histograms++]!.fill(0);
    this.#addRows(histogram, this.#places!, this.#sums.pairs, this.#order, from, to);
    return histogram;
  }

  /** The value that the gradients want, before bounds and shrinking (XGBoost, eq. 5). */
  #best({ gradient, packed }: Sums): number {
    const mass = hessianOf(packed, this.#sums.one) + this.#options.lambda;
    return mass > 0 ? -gradient / mass : 0;
  }

  #tree(leafValue: LeafValue | undefined): Tree {
    const nodes = this.#nodes;
    const { edges } = this.#data;
    const { learningRate } = this.#options;
    const values =
      leafValue === undefined
        ? nodes.map(({ sums, bounds }) => within(this.#best(sums), bounds))
        : this.#renewed(leafValue);
    return {
      feature: Int32Array.from(nodes, ({ split }) => split?.column ?? 0),
      threshold: Float32Array.from(nodes, ({ split }) =>
        split === null ? 0 : (edges[split.column]![split.bin] ?? Infinity),
      ),
      missingLeft: Uint8Array.from(nodes, ({ split }) => (split?.missingLeft === true ? 1 : 0)),
      left: Int32Array.from(nodes, ({ left }) => left),
      right: Int32Array.from(nodes, ({ right }) => right),
      value: Float32Array.from(values, (value) => value * learningRate),
      cover: Float64Array.from(nodes, ({ from, to }) => to - from),
    };
  }

  /** Values of another measure than the gradients', which need bounds of their own. Parents stand before children. */
  #renewed(leafValue: LeafValue): number[] {
    const { monotone } = this.#options;
    const nodes = this.#nodes;
    const valueOf = (at: number): number => {
      const { from, to } = nodes[at]!;
      return leafValue(this.#order.subarray(from, to));
    };
    const bounds = nodes.map(() => unbounded);
    return nodes.map(({ split, left, right }, at) => {
      if (split === null) return within(valueOf(at), bounds[at]!);
      const direction = monotone?.[split.column] ?? 0;
      const [low, high] =
        direction === 0
          ? [bounds[at]!, bounds[at]!]
          : childBounds(bounds[at]!, direction, valueOf(left), valueOf(right));
      bounds[left] = low;
      bounds[right] = high;
      return 0;
    });
  }
}

/** What is left of a parent when one of its children is taken away: the other child. Exact. */
const takeAway = (parent: Float64Array, child: Float64Array): Float64Array => {
  for (let at = 0; at < parent.length; at++) parent[at]! -= child[at]!;
  return parent;
};
