import * as ort from 'onnxruntime-node';
import { move, workerData } from 'piscina';
import type { ScoreTask, WorkerModel } from './score-task.ts';

/**
 * One thread of the scoring pool. `session.run` blocks its thread, which is why it has one of its own. The
 * thread counts as ready when the model is open; a model that cannot be opened fails each task rather than
 * the thread, or the pool would start it over and over.
 */
const { modelPath, input, output }: WorkerModel = workerData;

const scoreWith =
  (session: ort.InferenceSession) =>
  async ({ matrix, rows }: ScoreTask) => {
    const tensor = new ort.Tensor('float32', matrix, [rows, matrix.length / rows]);
    const results = await session.run({ [input]: tensor }, [output]);
    const both = results[output]?.data;
    const late = new Float32Array(rows);
    for (let row = 0; row < rows; row++) late[row] = Number(both?.[row * 2 + 1] ?? NaN);
    return move(late);
  };

export default ort.InferenceSession.create(modelPath, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
}).then(scoreWith, (error: unknown) => async () => {
  throw error;
});
