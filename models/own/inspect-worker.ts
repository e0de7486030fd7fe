import * as ort from 'onnxruntime-node';
import { sessionOptions } from '../scoring/open-model.ts';

/** An input or output of a graph as onnxruntime sees it; of what is no tensor, only the name. */
export interface GraphValue {
  readonly name: string;
  readonly type: string | null;
  /** Words stand for sizes that may differ. */
  readonly shape: readonly (number | string)[];
}

export interface Inspected {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

const valueOf = (of: ort.InferenceSession.ValueMetadata): GraphValue =>
  of.isTensor
    ? { name: of.name, type: of.type, shape: [...of.shape] }
    : { name: of.name, type: null, shape: [] };

/** Opens a model file, which blocks its thread, and says what the graph takes and gives. */
const inspect = async (modelPath: string): Promise<Inspected> => {
  const session = await ort.InferenceSession.create(modelPath, sessionOptions);
  const told = {
    inputs: session.inputMetadata.map(valueOf),
    outputs: session.outputMetadata.map(valueOf),
  };
  await session.release();
  return told;
};

export default inspect;
