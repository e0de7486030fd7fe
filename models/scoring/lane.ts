import { Piscina } from 'piscina';
import { batchState, type ScoreTask, type WorkerSetup } from './score-task.ts';

/** A batch is scored while the next one lies at hand, so that the thread never waits for the main one. */
export const BATCHES_A_LANE = 2;

export interface LaneOptions {
  readonly workerFile: URL;
  readonly setup: WorkerSetup;
  /** After so long without an answer to a batch that it had begun, a thread is taken for stuck. */
  readonly stuckMs: number;
}

/**
 * One scoring thread; when it dies the next one takes its place. A pool of one, since a pool of several does not say which
 * of its threads is stuck.
 */
export class Lane {
  readonly #pool: Piscina<ScoreTask, Float32Array>;
  readonly #stuckMs: number;
  /** Batches that it has not answered. */
  out = 0;

  constructor({ workerFile, setup, stuckMs }: LaneOptions) {
    this.#stuckMs = stuckMs;
    this.#pool = new Piscina<ScoreTask, Float32Array>({
      filename: workerFile.href,
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: BATCHES_A_LANE,
      workerData: setup,
    });
    // A thread that dies while it has nothing to do harms no row, and the pool starts another one.
    this.#pool.on('error', () => {});
  }

  /** Moves the matrix. Rejects when the thread ends before it has answered. */
  async run(matrix: Float32Array<ArrayBuffer>, rows: number, state: Int32Array): Promise<Float32Array> {
    this.out += 1;
    const stopWatching = this.#watch(state);
    try {
      return await this.#pool.run({ matrix, rows, state }, { transferList: [matrix.buffer] });
    } finally {
      stopWatching();
      this.out -= 1;
    }
  }

  /** Ends the thread once it has answered. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Ends the thread over a batch that it had begun one check ago and has not answered: after one to two times the limit. */
  #watch(state: Int32Array): () => void {
    let wasBegun = false;
    const timer = setInterval(() => {
      if (wasBegun) for (const thread of this.#pool.threads) void thread.terminate();
      wasBegun = Atomics.load(state, 0) === batchState.begun;
    }, this.#stuckMs);
    return () => clearInterval(timer);
  }
}
