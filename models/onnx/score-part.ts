import type { BinaryModel, Model, QuantileModel } from '../model.ts';
import { floatsAttribute, type GraphNode, intAttribute, intsAttribute, stringAttribute } from './graph.ts';
import {
  basesOf,
  concat,
  encodedName,
  inputName,
  op,
  type Part,
  regressor,
  scores,
  treesOf,
} from './graph-part.ts';
import { pieces, pieceTargets, stageTree } from './stage-tree.ts';
import { type Branch, treeAttributes } from './tree-nodes.ts';

/** From encoded features to the output. */
export const scorePart = (model: Model): Part => {
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
