import type { Model } from '../model.ts';
import { encodePart } from './encode-part.ts';
import { modelFile, type Tensor } from './graph.ts';
import { inputName } from './graph-part.ts';
import { scorePart } from './score-part.ts';

/** Name of the output that scoring fetches: [rows, 2] of a binary model, [rows, levels] or [rows, classes] of the others. */
export const outputNameOf = ({ objective }: Pick<Model, 'objective'>): 'probabilities' | 'quantiles' =>
  objective === 'quantile' ? 'quantiles' : 'probabilities';

/**
 * The model as an ONNX file that says what `predict` says, to 1e-6: encodings, trees, calibration by stage and conformal
 * margins are all inside the graph, in standard operators, so that any runtime gives the same. docs/models.md draws it.
 */
export const exportOnnx = (model: Model): Uint8Array => {
  const encoding = encodePart(model);
  const scoring = scorePart(model);
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
