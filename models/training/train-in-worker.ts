import { Piscina } from 'piscina';
import { workerUrl } from '../worker-url.ts';
import type { Trained, TrainFromRowsOptions, TrainingRow } from './train-from-rows.ts';
import type { TrainingTask } from './training-worker.ts';

/**
 * `trainFromRows` in a thread that lives as long as the training. The rows are copied to it, which takes a
 * moment of this thread too: about 10 ms per 10,000 rows. An aborted signal ends the thread.
 */
export const trainInWorker = async (
  rows: readonly TrainingRow[],
  options: TrainFromRowsOptions = {},
  signal?: AbortSignal,
): Promise<Trained> => {
  const pool = new Piscina<TrainingTask, Trained>({
    filename: workerUrl(import.meta.url, 'training-worker').href,
    minThreads: 1,
    maxThreads: 1,
  });
  try {
    return await pool.run({ rows, options }, { signal: signal ?? null });
  } finally {
    await pool.destroy();
  }
};
