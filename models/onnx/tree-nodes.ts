import type { Tree, TreeEnsemble } from '../tree-ensemble.ts';
import { type Attribute, floatsAttribute, intsAttribute, stringsAttribute } from './graph.ts';

/** A decision tree as ONNX writes it; a leaf has a weight for each target that it adds to. */
export type Branch =
  | { readonly weights: readonly (readonly [target: number, weight: number])[]; readonly cover?: number }
  | {
      readonly column: number;
      readonly mode: 'BRANCH_LEQ' | 'BRANCH_LT' | 'BRANCH_EQ';
      readonly threshold: number;
      /** NaN goes to `yes`. */
      readonly missing: boolean;
      readonly yes: Branch;
      readonly no: Branch;
      readonly cover?: number;
    };

/** The trees of all heads; head h adds to target h. `columnOf` says where a column of theirs lies in the input. */
export const branchesOf = (
  ensembles: readonly TreeEnsemble[],
  columnOf: (column: number) => number,
): readonly Branch[] =>
  ensembles.flatMap(({ trees }, head) => trees.map((tree) => branchOf(tree, 0, head, columnOf)));

const branchOf = (tree: Tree, node: number, head: number, columnOf: (column: number) => number): Branch => {
  const cover = tree.cover[node]!;
  if (tree.left[node]! < 0) return { weights: [[head, tree.value[node]!]], cover };
  return {
    column: columnOf(tree.feature[node]!),
    mode: 'BRANCH_LEQ',
    threshold: tree.threshold[node]!,
    missing: tree.missingLeft[node] === 1,
    yes: branchOf(tree, tree.left[node]!, head, columnOf),
    no: branchOf(tree, tree.right[node]!, head, columnOf),
    cover,
  };
};

/** Attributes that TreeEnsembleClassifier and TreeEnsembleRegressor share, and the leaves under the prefix of either. */
export const treeAttributes = (branches: readonly Branch[], leaves: 'class' | 'target'): Attribute[] => {
  const columns = new TreeColumns();
  for (const branch of branches) columns.add(branch);
  const id = leaves === 'class' ? 'class_ids' : 'target_ids';
  return [
    intsAttribute('nodes_treeids', columns.treeIds),
    intsAttribute('nodes_nodeids', columns.nodeIds),
    intsAttribute('nodes_featureids', columns.featureIds),
    stringsAttribute('nodes_modes', columns.modes),
    floatsAttribute('nodes_values', columns.values),
    intsAttribute('nodes_truenodeids', columns.yes),
    intsAttribute('nodes_falsenodeids', columns.no),
    intsAttribute('nodes_missing_value_tracks_true', columns.missing),
    // How many training rows came by: what TreeSHAP needs.
    floatsAttribute('nodes_hitrates', columns.covers),
    intsAttribute(`${leaves}_treeids`, columns.leafTrees),
    intsAttribute(`${leaves}_nodeids`, columns.leafNodes),
    intsAttribute(id, columns.leafTargets),
    floatsAttribute(`${leaves}_weights`, columns.leafWeights),
  ];
};

/** Nodes of all trees as parallel lists, each tree's numbered from its root on. */
class TreeColumns {
  readonly treeIds: number[] = [];
  readonly nodeIds: number[] = [];
  readonly featureIds: number[] = [];
  readonly modes: string[] = [];
  readonly values: number[] = [];
  readonly yes: number[] = [];
  readonly no: number[] = [];
  readonly missing: number[] = [];
  readonly covers: number[] = [];
  readonly leafTrees: number[] = [];
  readonly leafNodes: number[] = [];
  readonly leafTargets: number[] = [];
  readonly leafWeights: number[] = [];
  #tree = 0;
  #node = 0;

  add(root: Branch): void {
    this.#node = 0;
    this.#write(root);
    this.#tree++;
  }

  #write(branch: Branch): number {
    const node = this.#node++;
    const isLeaf = 'weights' in branch;
    const at = this.treeIds.push(this.#tree) - 1;
    this.nodeIds.push(node);
    this.featureIds.push(isLeaf ? 0 : branch.column);
    this.modes.push(isLeaf ? 'LEAF' : branch.mode);
    this.values.push(isLeaf ? 0 : branch.threshold);
    this.yes.push(0);
    this.no.push(0);
    this.missing.push(!isLeaf && branch.missing ? 1 : 0);
    this.covers.push(branch.cover ?? 0);
    if (isLeaf) {
      for (const [target, weight] of branch.weights) {
        this.leafTrees.push(this.#tree);
        this.leafNodes.push(node);
        this.leafTargets.push(target);
        this.leafWeights.push(weight);
      }
      return node;
    }
    this.yes[at] = this.#write(branch.yes);
    this.no[at] = this.#write(branch.no);
    return node;
  }
}
