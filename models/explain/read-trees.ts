import { newTree, type Tree, type TreeEnsemble } from '../tree-ensemble.ts';
import { type Encoding, encodingsOf } from './read-encodings.ts';
import { type GraphNode, readGraph } from './read-graph.ts';

/** Trees, and the columns that the graph puts behind those of the matrix for them to read. */
export interface ExplainableTrees {
  readonly ensemble: TreeEnsemble;
  readonly encodings: readonly Encoding[];
}

/** The trees of a model file, or why it cannot be explained by them, in words. */
export type ReadTrees = ExplainableTrees | { readonly absent: string };

/**
 * The trees of any ONNX model that has a `TreeEnsembleClassifier` or `TreeEnsembleRegressor` of ai.onnx.ml, as they are in
 * its first one: the margin before calibration. Of several classes, those of class 1. They need covers: how many training
 * rows came by each node, in `nodes_hitrates`. `x < t` becomes `x <= the float32 below t`, which is the same for float32.
 */
export const readTrees = (onnx: Uint8Array, columns: number): ReadTrees => {
  const graph = readGraph(onnx);
  const node = graph.nodes.find(({ operator }) => operator.startsWith('TreeEnsemble'));
  if (node === undefined) return { absent: 'the model has no trees' };
  const encodings = encodingsOf(graph, node.inputs[0] ?? '');
  if (encodings === null) return { absent: 'its trees read columns that the graph has changed before' };
  const numbers = (name: string): readonly number[] => node.numbers.get(name) ?? [];
  const modes = node.texts.get('nodes_modes') ?? [];
  const unknown = modes.find((mode) => !(mode in branches) && mode !== 'LEAF');
  if (unknown !== undefined) return { absent: `its trees have nodes of the mode ${unknown}` };
  if (modes.length === 0) return { absent: `its trees are written as ${node.operator} without nodes_modes` };
  const byTree = new Map<number, number[]>();
  for (const [index, tree] of numbers('nodes_treeids').entries()) {
    const nodes = byTree.get(tree);
    if (nodes === undefined) byTree.set(tree, [index]);
    else nodes.push(index);
  }
  const leaves = leafValues(node);
  const trees = [...byTree].map(([id, nodes]) => treeOf(node, modes, nodes, leaves.get(id)));
  if (!trees.every(hasCovers))
    return { absent: 'its file does not say how many training rows came by each node (nodes_hitrates)' };
  const base = numbers('base_values').at(-1) ?? 0;
  const share = node.texts.get('aggregate_function')?.[0] === 'AVERAGE' ? 1 / trees.length : 1;
  return {
    ensemble: {
      columns: columns + encodings.length,
      base,
      trees: share === 1 ? trees : trees.map(scaled(share)),
    },
    encodings,
  };
};

/** How a node's test becomes "at most, to the left": which of its branches is the left one, and whether equal goes there. */
const branches: Readonly<Record<string, { readonly whenTrue: 'left' | 'right'; readonly orEqual: boolean }>> =
  {
    BRANCH_LEQ: { whenTrue: 'left', orEqual: true },
    BRANCH_LT: { whenTrue: 'left', orEqual: false },
    BRANCH_GT: { whenTrue: 'right', orEqual: true },
    BRANCH_GTE: { whenTrue: 'right', orEqual: false },
  };

/** By tree and node; where leaves speak for several classes, what they say of the last one, which is class 1 of two. */
const leafValues = ({ numbers }: GraphNode): Map<number, Map<number, number>> => {
  const of = (name: string): readonly number[] =>
    numbers.get(`class_${name}`) ?? numbers.get(`target_${name}`) ?? [];
  const ids = of('ids');
  const wanted = ids.includes(1) ? 1 : 0;
  const byTree = new Map<number, Map<number, number>>();
  for (const [index, tree] of of('treeids').entries()) {
    if (ids[index] !== wanted) continue;
    const values = byTree.get(tree) ?? new Map<number, number>();
    values.set(of('nodeids')[index]!, of('weights')[index]!);
    byTree.set(tree, values);
  }
  return byTree;
};

const treeOf = (
  { numbers }: GraphNode,
  modes: readonly string[],
  nodes: readonly number[],
  leaves: ReadonlyMap<number, number> | undefined,
): Tree => {
  const place = new Map(nodes.map((index, at) => [numbers.get('nodes_nodeids')![index]!, at]));
  const tree = newTree(nodes.length);
  for (const [at, index] of nodes.entries()) {
    tree.cover[at] = numbers.get('nodes_hitrates')?.[index] ?? 0;
    const branch = branches[modes[index]!];
    if (branch === undefined) {
      tree.value[at] = leaves?.get(numbers.get('nodes_nodeids')![index]!) ?? 0;
      continue;
    }
    const whenTrue = place.get(numbers.get('nodes_truenodeids')![index]!)!;
    const whenFalse = place.get(numbers.get('nodes_falsenodeids')![index]!)!;
    const isLeft = branch.whenTrue === 'left';
    const threshold = numbers.get('nodes_values')![index]!;
    tree.feature[at] = numbers.get('nodes_featureids')![index]!;
    tree.threshold[at] = branch.orEqual ? threshold : floatBelow(threshold);
    tree.left[at] = isLeft ? whenTrue : whenFalse;
    tree.right[at] = isLeft ? whenFalse : whenTrue;
    const missingIsTrue = numbers.get('nodes_missing_value_tracks_true')?.[index] === 1;
    tree.missingLeft[at] = missingIsTrue === isLeft ? 1 : 0;
  }
  return tree;
};

/** The next float32 towards minus infinity. 1 → 0.99999994 */
const floatBelow = (value: number): number => {
  // The float32 numbers of one sign are in the order of their bits.
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  if (value === 0) return -(2 ** -149);
  bits[0]! += value > 0 ? -1 : 1;
  return float[0]!;
};

/** Counts add up: those of converters that write 1 everywhere do not. */
const hasCovers = ({ left, right, cover }: Tree): boolean =>
  left.every((toLeft, at) => {
    if (toLeft < 0) return cover[at]! > 0;
    const sum = cover[toLeft]! + cover[right[at]!]!;
    return Math.abs(sum - cover[at]!) <= 1e-5 * sum;
  });

const scaled =
  (share: number) =>
  (tree: Tree): Tree => ({ ...tree, value: tree.value.map((value) => value * share) });
