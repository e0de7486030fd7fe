import { move, workerData } from 'piscina';
import { openModel, type RunModel } from './open-model.ts';
import { batchState, type ScoreTask, type WorkerSetup } from './score-task.ts';

/**
 * One thread of the scoring pool. `session.run` blocks its thread, which is why it has one of its own. The
 * thread counts as ready when its models are open; a model that cannot be opened fails each task rather than
 * the thread, or the pool would start it over and over.
 */
const { models, columns }: WorkerSetup = workerData;

const width = models.flatMap(({ outputs }) => outputs).reduce((sum, { width: numbers }) => sum + numbers, 0);

const scoreWith =
  (opened: readonly RunModel[]) =>
  async ({ matrix, rows, state }: ScoreTask) => {
    // Nobody waits any more for one that was given up.
    if (Atomics.compareExchange(state, 0, batchState.waiting, batchState.begun) !== batchState.waiting)
      return new Float32Array(0);
    const answers = new Float32Array(rows * width + models.length);
    let offset = 0;
    for (const [index, run] of opened.entries()) {
      const begun = performance.now();
      await run(matrix, rows, answers, offset);
      answers[rows * width + index] = performance.now() - begun;
      for (const output of models[index]!.outputs) offset += rows * output.width;
    }
    return move(answers);
  };

export default Promise.all(models.map(async (model) => openModel(model, columns))).then(
  scoreWith,
  (error: unknown) =>
    async ({ state }: ScoreTask) => {
      Atomics.store(state, 0, batchState.begun);
      throw error;
    },
);
