import { workerData } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';
import { sessionOptions } from '../../models/scoring/open-model.ts';
import { type Measured, measureLoop } from './measure-loop.ts';
import { randomMatrix } from './random-matrix.ts';

/** What the thread is told once. */
export interface RawSetup {
  readonly modelPath: string;
  readonly input: string;
  readonly output: string;
  readonly columns: number;
}

export interface RawTask {
  readonly batch: number;
  readonly ms: number;
}

const { modelPath, input, output, columns }: RawSetup = workerData;
const opening = ort.InferenceSession.create(modelPath, sessionOptions);

/** Bare `session.run` in a loop in one thread, which nothing else is asked of meanwhile. */
const runRaw = async ({ batch, ms }: RawTask): Promise<Measured> => {
  const session = await opening;
  const matrix = randomMatrix(batch, columns);
  const once = async (): Promise<void> => {
    const tensor = new ort.Tensor('float32', matrix, [batch, columns]);
    await session.run({ [input]: tensor }, [output]);
  };
  return measureLoop(once, { rows: batch, ms, outstanding: 1 });
};

export default runRaw;
