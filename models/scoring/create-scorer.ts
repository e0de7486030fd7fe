import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { versionName } from '../signature.ts';
import { workerUrl } from '../worker-url.ts';
import { BATCHES_A_LANE, Lane } from './lane.ts';
import { MicroBatches, TooSlow } from './micro-batches.ts';
import type { WorkerSetup } from './score-task.ts';
import type { Scorer } from './scorer.ts';
import type { BatchTime } from './scoring-times.ts';
import { scoresOf, timesOf, type ServedModel, workerModelOf } from './worker-models.ts';

export interface ScorerOptions {
  /** All of them score every row. */
  readonly models: readonly ServedModel[];
  /** Names of the matrix's columns; a model may take some of them only. */
  readonly columns: readonly string[];
  /** Threads; each holds every model once, 27 to 41 MB. */
  readonly workers?: number;
  /** From a question to its answer, with its wait for company and for a free worker. */
  readonly timeoutMs?: number;
  /**
   * Rows of several questions that go to a worker together. To hand a batch over and back costs as much for one row as for a
   * thousand, a fifth of the time of 256 rows.
   */
  readonly rowsAtOnce?: number;
  /** How long a question waits for company while a worker is free; 0: for what is asked in the same turn. */
  readonly gatherMs?: number;
  /**
   * After so long without an answer a thread is taken for stuck and replaced. Far above any time-out: a thread that is
   * ended inside the native library takes the whole process with it.
   */
  readonly stuckMs?: number;
  /** For the models to answer for the first time. */
  readonly startLimitMs?: number;
  /** Rows that may wait for a worker; more are refused at once with FW602. */
  readonly maxWaitingRows?: number;
  /** Told of every batch that was scored, once for each model. */
  readonly onScored?: (time: BatchTime) => void;
  /** Another worker file: for tests of dying and hanging. */
  readonly workerFile?: URL;
}

/** Starts the threads and resolves once the models have answered in it; rejects with FW601 if they cannot. */
export const createScorer = async (options: ScorerOptions): Promise<Scorer> => {
  const { workers = 1, timeoutMs = 200, stuckMs = 60_000, startLimitMs = 30_000 } = options;
  const models = options.models.map(({ signature }) => signature);
  const names = models.map(versionName).join(', ');
  const columns = options.columns.length;
  const setup: WorkerSetup = {
    columns,
    models: options.models.map((model) => workerModelOf(model, options.columns)),
  };
  // The native library would write usage data to the home folder; it reads this from the process, not from the thread.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const lanes = Array.from(
    { length: workers },
    () =>
      new Lane({
        workerFile: options.workerFile ?? workerUrl(import.meta.url, 'worker'),
        setup,
        stuckMs: Math.max(stuckMs, timeoutMs),
      }),
  );
  const questions = new MicroBatches({
    columns,
    rowsAtOnce: options.rowsAtOnce ?? 1_024,
    gatherMs: options.gatherMs ?? 0,
    batchesOut: workers * BATCHES_A_LANE,
    waitingRows: options.maxWaitingRows ?? 16_384,
    timeoutMs,
    send: async (matrix, rows, state) => {
      const lane = lanes.reduce((least, one) => (one.out < least.out ? one : least));
      const values = await lane.run(matrix, rows, state);
      for (const time of timesOf(models, values, rows)) options.onScored?.(time);
      return values;
    },
  });

  const warm = async (): Promise<void> => {
    const first = async (lane: Lane): Promise<Float32Array> =>
      lane.run(new Float32Array(columns).fill(NaN), 1, new Int32Array(new SharedArrayBuffer(4)));
    await within(startLimitMs, Promise.all(lanes.map(first)));
  };

  try {
    await warm();
  } catch (cause) {
    await Promise.all(lanes.map(async (lane) => lane.destroy()));
    const from = options.models.map(({ modelPath }) => modelPath).join(', ');
    throw new ForewarnError(
      'FW601',
      `model ${names} at ${from} does not answer to ${columns} columns: ${messageOf(cause)}; publish it again or choose another version.`,
      { cause },
    );
  }
  return {
    models,
    score: async (matrix, rows) => {
      if (rows === 0) return scoresOf(models, { values: new Float32Array(0), from: 0, of: 0 }, 0);
      try {
        return scoresOf(models, await questions.ask(matrix, rows), rows);
      } catch (cause) {
        throw cause instanceof TooSlow
          ? new ForewarnError(
              'FW602',
              `scoring ${rows} rows with ${names} got no answer within ${timeoutMs} ms; raise the time-out or add workers.`,
              { cause },
            )
          : new ForewarnError(
              'FW603',
              `scoring ${rows} rows with ${names} failed in its worker: ${messageOf(cause)}; the pool starts another worker by itself.`,
              { cause },
            );
      }
    },
    warm,
    close: async () => {
      await questions.drained();
      await Promise.all(lanes.map(async (lane) => lane.close()));
    },
  };
};

const within = async <T>(limitMs: number, answer: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow(`no answer within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
};

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
