import { readFile } from 'node:fs/promises';
import { type Explanation, noExplanation } from '../../domain/explanation.ts';
import { type Explained, explainRow } from './explain-row.ts';
import { readTrees } from './read-trees.ts';
import { TreeShap } from './tree-shap.ts';

export interface ExplainTask {
  readonly modelVersion: string;
  readonly modelPath: string;
  /** Names of the model's columns, in its order, and one row of them. */
  readonly features: readonly string[];
  readonly row: Float32Array;
}

/** Few versions are in force at once; a swap makes room. */
const KEPT = 4;
const read = new Map<string, Promise<Ready>>();

/** Or why it cannot be explained. */
type Ready = Explained | { readonly absent: string };

const readyOf = (onnx: Uint8Array, columns: number): Ready => {
  const trees = readTrees(onnx, columns);
  return 'absent' in trees ? trees : { shap: new TreeShap(trees.ensemble), encodings: trees.encodings };
};

const modelOf = async (modelPath: string, columns: number): Promise<Ready> => {
  const known = read.get(modelPath) ?? readFile(modelPath).then((onnx) => readyOf(onnx, columns));
  read.delete(modelPath);
  read.set(modelPath, known);
  for (const oldest of read.keys()) if (read.size > KEPT) read.delete(oldest);
  return known;
};

/** One explanation in a thread of its own: arithmetic that nobody has to wait for. */
const explain = async ({ modelVersion, modelPath, features, row }: ExplainTask): Promise<Explanation> => {
  const model = await modelOf(modelPath, features.length);
  return 'absent' in model
    ? noExplanation(modelVersion, model.absent)
    : explainRow(modelVersion, model, features, row);
};

export default explain;
