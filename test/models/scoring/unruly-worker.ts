import { workerData } from 'piscina';
import { batchState, type ScoreTask } from '../../../models/scoring/score-task.ts';

/** A worker that does as the first number says: -1 it dies, -2 it never answers, else it gives it back. */
const obey = async ({ matrix, rows, state }: ScoreTask): Promise<Float32Array> => {
  if (Atomics.compareExchange(state, 0, batchState.waiting, batchState.begun) !== batchState.waiting)
    return new Float32Array(0);
  const order = matrix[0] ?? 0;
  if (order === -1) process.exit(1);
  // A busy loop, as a blocked `session.run` is: no message and no timer gets through.
  if (order === -2) for (;;) if (workerData === null) break;
  return new Float32Array(rows).fill(order);
};

export default obey;
