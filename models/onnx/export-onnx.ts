import type { Tree, TreeEnsemble } from '../tree-ensemble.ts';
import { bytes, type Field, int, message, packedFloats, packedInts, string } from './protobuf.ts';

/** Names of the graph's input and of the output that scoring fetches. */
export const inputName = 'features';
export const outputName = 'probabilities';

/** AttributeProto.AttributeType and TensorProto.DataType of onnx.proto3, as far as used. */
const attributeType = { int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;
const elementType = { float: 1, int64: 7 } as const;

/**
 * The ensemble as an ONNX model: one `TreeEnsembleClassifier` (ai.onnx.ml 3) with input `features`
 * [rows, columns] float32 and outputs `label` [rows] and `probabilities` [rows, 2]. Binary as onnxruntime
 * wants it: weights of class 0 only, one base value, LOGISTIC; it then gives column 1 the probability of
 * class 1. Covers go into `nodes_hitrates`. Field numbers are those of onnx.proto3.
 */
export const exportOnnx = (ensemble: TreeEnsemble): Uint8Array => {
  const node = message(
    string(1, inputName),
    string(2, 'label'),
    string(2, outputName),
    string(3, 'trees'),
    string(4, 'TreeEnsembleClassifier'),
    ...attributesOf(ensemble).map((attribute) => bytes(5, attribute)),
    string(7, 'ai.onnx.ml'),
  );
  const graph = message(
    bytes(1, node),
    string(2, 'late-delivery'),
    bytes(11, valueInfo(inputName, elementType.float, ['rows', ensemble.columns])),
    bytes(12, valueInfo('label', elementType.int64, ['rows'])),
    bytes(12, valueInfo(outputName, elementType.float, ['rows', 2])),
  );
  return message(
    int(1, 8),
    string(2, 'forewarn'),
    bytes(7, graph),
    bytes(8, message(string(1, ''), int(2, 15))),
    bytes(8, message(string(1, 'ai.onnx.ml'), int(2, 3))),
  );
};

const attributesOf = ({ trees, base }: TreeEnsemble): Uint8Array[] => {
  const nodes = trees.flatMap((tree, treeId) =>
    Array.from(tree.left, (left, node) => ({ tree, treeId, node, left, isLeaf: left < 0 })),
  );
  const leaves = nodes.filter(({ isLeaf }) => isLeaf);
  const of = (column: (tree: Tree) => ArrayLike<number>) =>
    nodes.map(({ tree, node, isLeaf }) => (isLeaf ? 0 : (column(tree)[node] ?? 0)));
  return [
    ints(
      'nodes_treeids',
      nodes.map(({ treeId }) => treeId),
    ),
    ints(
      'nodes_nodeids',
      nodes.map(({ node }) => node),
    ),
    ints(
      'nodes_featureids',
      of((tree) => tree.feature),
    ),
    strings(
      'nodes_modes',
      nodes.map(({ isLeaf }) => (isLeaf ? 'LEAF' : 'BRANCH_LEQ')),
    ),
    floats(
      'nodes_values',
      of((tree) => tree.threshold),
    ),
    ints(
      'nodes_truenodeids',
      of((tree) => tree.left),
    ),
    ints(
      'nodes_falsenodeids',
      of((tree) => tree.right),
    ),
    ints(
      'nodes_missing_value_tracks_true',
      of((tree) => tree.missingLeft),
    ),
    floats(
      'nodes_hitrates',
      nodes.map(({ tree, node }) => tree.cover[node] ?? 0),
    ),
    ints(
      'class_treeids',
      leaves.map(({ treeId }) => treeId),
    ),
    ints(
      'class_nodeids',
      leaves.map(({ node }) => node),
    ),
    ints(
      'class_ids',
      leaves.map(() => 0),
    ),
    floats(
      'class_weights',
      leaves.map(({ tree, node }) => tree.value[node] ?? 0),
    ),
    floats('base_values', [base]),
    ints('classlabels_int64s', [0, 1]),
    message(string(1, 'post_transform'), string(4, 'LOGISTIC'), int(20, attributeType.string)),
  ];
};

const ints = (name: string, values: readonly number[]): Uint8Array =>
  message(string(1, name), packedInts(8, values), int(20, attributeType.ints));

const floats = (name: string, values: readonly number[]): Uint8Array =>
  message(string(1, name), packedFloats(7, values), int(20, attributeType.floats));

const strings = (name: string, values: readonly string[]): Uint8Array =>
  message(string(1, name), ...values.map((value): Field => string(9, value)), int(20, attributeType.strings));

const valueInfo = (name: string, type: number, shape: readonly (number | string)[]): Uint8Array => {
  const dimensions = shape.map((size): Field =>
    bytes(1, typeof size === 'string' ? message(string(2, size)) : message(int(1, size))),
  );
  const tensor = message(int(1, type), bytes(2, message(...dimensions)));
  return message(string(1, name), bytes(2, message(bytes(1, tensor))));
};
