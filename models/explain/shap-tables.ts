import type { Tree } from '../tree-ensemble.ts';
import { gaussLegendre } from './gauss-legendre.ts';

/** How the row stands to the branch that leads to a node, in which its feature may have been asked before. */
export const branch = { missed: 0, taken: 1, missedBefore: 2 } as const;

/**
 * A tree with everything that does not depend on the row, its nodes in the order of a walk: each behind its parent, the first
 * of them the root.
 */
export interface ShapTables {
  readonly size: number;
  /** Places of the quadrature; the two tables have so many numbers for each node and each `branch`. */
  readonly places: number;
  readonly parent: Int32Array;
  /** The nearest node above whose branch asked the same feature; −1 where it was not asked before. */
  readonly asked: Int32Array;
  /** Of the branch that leads here: its feature, what it is compared with, and which side it is. */
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly isLeft: Uint8Array;
  readonly missingLeft: Uint8Array;
  /** Of a leaf what it says; 0 of others. */
  readonly value: Float64Array;
  /** By how much the branch multiplies the weight of the parent. */
  readonly factor: Float64Array;
  /** What a weight that comes up again over the branch counts for its feature. */
  readonly share: Float64Array;
}

/** See `TreeShap` for what the numbers mean. */
export const shapTables = (tree: Tree): ShapTables => {
  const order = walkOf(tree);
  const size = order.length;
  const parent = Int32Array.from(order, ({ parent: of }) => of);
  const above = (at: number) => order[parent[at]!]!.node;
  const of = <T>(pick: (at: number) => T): T[] => order.map((_, at) => pick(at));
  const feature = Int32Array.from(of((at) => (at === 0 ? -1 : tree.feature[above(at)]!)));
  const asked = askedBefore(parent, feature);
  const depth = uniqueDepth(parent, asked);
  // Each feature of a path is a factor of degree 1, and one of them is left out.
  const places = Math.max(1, Math.ceil(Math.max(...depth) / 2));
  const { points, weights } = gaussLegendre(places);
  const zero = unknownShares(tree, order, parent, asked);
  const factor = new Float64Array(3 * places * size).fill(1);
  const share = new Float64Array(3 * places * size);
  const known = (at: number, isTaken: boolean, t: number): number => (isTaken ? t : 0) + (1 - t) * zero[at]!;
  const counts = (at: number, isTaken: boolean, t: number): number =>
    ((isTaken ? 1 : 0) - zero[at]!) / known(at, isTaken, t);
  for (let at = 1; at < size; at++) {
    const before = asked[at]!;
    for (let place = 0; place < places; place++) {
      const t = points[place]!;
      const write = (how: number, isTaken: boolean, wasTaken: boolean): void => {
        const to = (3 * at + how) * places + place;
        factor[to] = known(at, isTaken, t) / (before < 0 ? 1 : known(before, wasTaken, t));
        share[to] =
          weights[place]! * (counts(at, isTaken, t) - (before < 0 ? 0 : counts(before, wasTaken, t)));
      };
      write(branch.missed, false, true);
      write(branch.taken, true, true);
      if (before >= 0) write(branch.missedBefore, false, false);
    }
  }
  return {
    size,
    places,
    parent,
    asked,
    feature,
    threshold: Float32Array.from(of((at) => (at === 0 ? 0 : tree.threshold[above(at)]!))),
    isLeft: Uint8Array.from(of((at) => (at > 0 && tree.left[above(at)] === order[at]!.node ? 1 : 0))),
    missingLeft: Uint8Array.from(of((at) => (at === 0 ? 0 : tree.missingLeft[above(at)]!))),
    value: Float64Array.from(order, ({ node }) => (tree.left[node]! < 0 ? tree.value[node]! : 0)),
    factor,
    share,
  };
};

interface Step {
  readonly node: number;
  /** Place of its parent in the walk; −1 for the root. */
  readonly parent: number;
}

const walkOf = ({ left, right }: Tree): readonly Step[] => {
  const steps: Step[] = [];
  const open: Step[] = [{ node: 0, parent: -1 }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const at = steps.push(step) - 1;
    if (left[step.node]! < 0) continue;
    open.push({ node: right[step.node]!, parent: at }, { node: left[step.node]!, parent: at });
  }
  return steps;
};

const askedBefore = (parent: Int32Array, feature: Int32Array): Int32Array =>
  feature.map((one, at) => {
    if (at === 0) return -1;
    let above = parent[at]!;
    while (above > 0 && feature[above] !== one) above = parent[above]!;
    return above > 0 ? above : -1;
  });

/** How many features the path to each node asks. */
const uniqueDepth = (parent: Int32Array, asked: Int32Array): Int32Array => {
  const depth = new Int32Array(parent.length);
  for (let at = 1; at < parent.length; at++) depth[at] = depth[parent[at]!]! + (asked[at]! < 0 ? 1 : 0);
  return depth;
};

/** The share of rows that come down a branch, and those of its feature above it, when the feature is not known. */
const unknownShares = (
  { left, right, cover }: Tree,
  order: readonly Step[],
  parent: Int32Array,
  asked: Int32Array,
): Float64Array => {
  const shares = new Float64Array(order.length).fill(1);
  for (let at = 1; at < order.length; at++) {
    const { node } = order[parent[at]!]!;
    const both = cover[left[node]!]! + cover[right[node]!]!;
    shares[at] = (cover[order[at]!.node]! / both) * (asked[at]! < 0 ? 1 : shares[asked[at]!]!);
  }
  return shares;
};
