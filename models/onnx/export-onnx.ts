import type { BinaryModel, Model, QuantileModel } from '../model.ts';
import {
  type Constant,
  floatAttribute,
  floatsAttribute,
  type GraphNode,
  intAttribute,
  intsAttribute,
  modelFile,
  stringAttribute,
  type Tensor,
} from './graph.ts';
import { pieces, pieceTargets, stageTree } from './stage-tree.ts';
import { type Branch, branchesOf, treeAttributes } from './tree-nodes.ts';

/** Name of the graph's input, [rows, columns] float32 with NaN for missing. */
export const inputName = 'features';

/** Name of the output that scoring fetches: [rows, 2] of a binary model, [rows, levels] or [rows, classes] of the others. */
export const outputNameOf = ({ objective }: Pick<Model, 'objective'>): 'probabilities' | 'quantiles' =>
  objective === 'quantile' ? 'quantiles' : 'probabilities';

/** A part of the graph. */
interface Part {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
}

/**
 * The model as an ONNX file that says what `predict` says, to 1e-6: encodings, trees, calibration by stage and conformal
 * margins are all inside the graph, in standard operators, so that any runtime gives the same. docs/models.md draws it.
 */
export const exportOnnx = (model: Model): Uint8Array => {
  const encoding = encodingOf(model);
  const scoring = scoringOf(model);
  const output = outputNameOf(model);
  const width = model.objective === 'binary' ? 2 : model.ensembles.length;
  return modelFile({
    name: model.objective,
    nodes: [...encoding.nodes, ...scoring.nodes],
    constants: [...encoding.constants, ...scoring.constants],
    inputs: [{ name: inputName, type: 'float', shape: ['rows', model.columns] }],
    outputs: [
      ...(isPlain(model) ? [{ name: 'label', type: 'int64', shape: ['rows'] } satisfies Tensor] : []),
      { name: output, type: 'float', shape: ['rows', width] },
    ],
    metadata: metadataOf(model),
  });
};

const metadataOf = (model: Model): Readonly<Record<string, string>> => {
  const { objective } = model;
  if (model.objective === 'quantile') return { objective, levels: JSON.stringify(model.levels) };
  if (model.objective === 'multiclass') return { objective, classes: JSON.stringify(model.classes) };
  return { objective };
};

const isPlain = (model: Model): boolean => model.objective === 'binary' && model.calibration === null;

const encodedName = ({ encodings }: Model): string => (encodings.length === 0 ? inputName : 'encoded');

/** Puts a column with its number behind the features for each column of categories; the trees read that one instead. */
const encodingOf = (model: Model): Part => {
  const { encodings } = model;
  if (encodings.length === 0) return { nodes: [], constants: [] };
  const nodes = encodings.flatMap(({ column, codes, values }): GraphNode[] => [
    {
      op: 'Gather',
      inputs: [inputName, `column_${column}`],
      outputs: [`codes_${column}`],
      attributes: [intAttribute('axis', 1)],
    },
    {
      op: 'LabelEncoder',
      isMl: true,
      inputs: [`codes_${column}`],
      outputs: [`values_${column}`],
      attributes: [
        floatsAttribute('keys_floats', [...codes]),
        floatsAttribute('values_floats', [...values]),
        floatAttribute('default_float', NaN),
      ],
    },
  ]);
  return {
    nodes: [
      ...nodes,
      concat([inputName, ...encodings.map(({ column }) => `values_${column}`)], encodedName(model)),
    ],
    constants: encodings.map(({ column }) => ({
      name: `column_${column}`,
      type: 'int64',
      shape: [1],
      values: [column],
    })),
  };
};

const scoringOf = (model: Model): Part => {
  switch (model.objective) {
    case 'binary':
      return model.calibration === null ? plainBinary(model) : calibratedBinary(model);
    case 'quantile':
      return quantiles(model);
    case 'multiclass':
      return {
        nodes: [scores(model, 'scores'), op('Softmax', ['scores'], 'probabilities', intAttribute('axis', 1))],
        constants: [],
      };
  }
};

/**
 * Binary as onnxruntime wants a classifier: weights of class 0 only, one base value, LOGISTIC; it then gives column 1 the
 * probability of class 1. (Weights of class 1, or two base values, are silently wrong.)
 */
const plainBinary = (model: Model): Part => ({
  nodes: [
    {
      op: 'TreeEnsembleClassifier',
      isMl: true,
      inputs: [encodedName(model)],
      outputs: ['label', 'probabilities'],
      attributes: [
        ...treeAttributes(treesOf(model), 'class'),
        floatsAttribute('base_values', basesOf(model)),
        intsAttribute('classlabels_int64s', [0, 1]),
        stringAttribute('post_transform', 'LOGISTIC'),
      ],
    },
  ],
  constants: [],
});

const calibratedBinary = (model: BinaryModel): Part => {
  const { calibration, columns } = model;
  const lookup = stageTree(calibration!, (curve) => pieces(curve, columns));
  return {
    nodes: [
      scores(model, 'margin'),
      concat([inputName, 'margin'], 'staged'),
      regressor('staged', 'curve', [lookup], pieceTargets.length),
      { op: 'Split', inputs: ['curve'], outputs: pieceTargets, attributes: [intAttribute('axis', 1)] },
      op('Mul', ['slope', 'margin'], 'sloped'),
      op('Add', ['sloped', 'offset'], 'logit'),
      op('Sigmoid', ['logit'], 'sigmoid'),
      op('Mul', ['logistic', 'sigmoid'], 'curved'),
      op('Sub', ['margin', 'from'], 'along'),
      op('Mul', ['rise', 'along'], 'risen'),
      op('Add', ['level', 'risen'], 'straight'),
      op('Add', ['curved', 'straight'], 'unclipped'),
      op('Clip', ['unclipped', 'zero', 'one'], 'late'),
      op('Sub', ['one', 'late'], 'punctual'),
      concat(['punctual', 'late'], 'probabilities'),
    ],
    constants: [
      { name: 'zero', type: 'float', shape: [], values: [0] },
      { name: 'one', type: 'float', shape: [], values: [1] },
    ],
  };
};

const quantiles = (model: QuantileModel): Part => {
  const { conformal, levels } = model;
  const sorted: GraphNode = {
    op: 'TopK',
    inputs: [conformal === null ? 'scores' : 'moved', 'levels'],
    outputs: ['quantiles', 'order'],
    attributes: [intAttribute('axis', 1), intAttribute('largest', 0), intAttribute('sorted', 1)],
  };
  // As `predict` moves them, and with the same result where there is one level only: none.
  const outermost = (outward: number): Branch => ({
    weights: levels.map((_, at) => [at, at === 0 ? -outward : at === levels.length - 1 ? outward : 0]),
  });
  const moving =
    conformal === null
      ? []
      : [
          regressor(inputName, 'outward', [stageTree(conformal, outermost)], levels.length),
          op('Add', ['scores', 'outward'], 'moved'),
        ];
  return {
    nodes: [scores(model, 'scores'), ...moving, sorted],
    constants: [{ name: 'levels', type: 'int64', shape: [1], values: [levels.length] }],
  };
};

/** Scores of all heads before any link, [rows, heads]. */
const scores = (model: Model, output: string): GraphNode =>
  regressor(encodedName(model), output, treesOf(model), model.ensembles.length, basesOf(model));

const regressor = (
  input: string,
  output: string,
  branches: readonly Branch[],
  targets: number,
  bases: readonly number[] = [],
): GraphNode => ({
  op: 'TreeEnsembleRegressor',
  isMl: true,
  inputs: [input],
  outputs: [output],
  attributes: [
    ...treeAttributes(branches, 'target'),
    ...(bases.length === 0 ? [] : [floatsAttribute('base_values', bases)]),
    intAttribute('n_targets', targets),
    stringAttribute('post_transform', 'NONE'),
  ],
});

const treesOf = ({ ensembles, encodings, columns }: Model): readonly Branch[] =>
  branchesOf(ensembles, (column) => {
    const encoding = encodings.findIndex((one) => one.column === column);
    return encoding < 0 ? column : columns + encoding;
  });

const basesOf = ({ ensembles }: Model): number[] => ensembles.map(({ base }) => base);

const concat = (inputs: readonly string[], output: string): GraphNode =>
  op('Concat', inputs, output, intAttribute('axis', 1));

const op = (
  name: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly Uint8Array[]
): GraphNode => ({ op: name, inputs, outputs: [output], attributes });
