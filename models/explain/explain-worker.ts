import { readFile } from 'node:fs/promises';
import { type Explanation, noExplanation } from '../../domain/explanation.ts';
import { explainRow } from './explain-row.ts';
import { readTrees, type ReadTrees } from './read-trees.ts';

export interface ExplainTask {
  readonly modelVersion: string;
  readonly modelPath: string;
  /** Names of the model's columns, in its order, and one row of them. */
  readonly features: readonly string[];
  readonly row: Float32Array;
}

/** Few versions are in force at once; a swap makes room. */
const KEPT = 4;
const read = new Map<string, Promise<ReadTrees>>();

const treesOf = async (modelPath: string, columns: number): Promise<ReadTrees> => {
  const known = read.get(modelPath) ?? readFile(modelPath).then((onnx) => readTrees(onnx, columns));
  read.delete(modelPath);
  read.set(modelPath, known);
  for (const oldest of read.keys()) if (read.size > KEPT) read.delete(oldest);
  return known;
};

/** One explanation in a thread of its own: some milliseconds of arithmetic that nobody has to wait for. */
const explain = async ({ modelVersion, modelPath, features, row }: ExplainTask): Promise<Explanation> => {
  const trees = await treesOf(modelPath, features.length);
  return 'absent' in trees
    ? noExplanation(modelVersion, trees.absent)
    : explainRow(modelVersion, trees, features, row);
};

export default explain;
