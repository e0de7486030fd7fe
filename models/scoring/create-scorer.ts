import { Piscina } from 'piscina';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { RegisteredModel } from '../registry.ts';
import { workerUrl } from '../worker-url.ts';
import type { ScoreTask, WorkerModel } from './score-task.ts';
import type { Scorer } from './scorer.ts';

export interface ScorerOptions {
  readonly model: Pick<RegisteredModel, 'modelPath' | 'signature'>;
  /** Threads; each holds the model once, 27 to 41 MB. */
  readonly workers?: number;
  /** For one micro-batch, with its wait for a free worker. */
  readonly timeoutMs?: number;
  /**
   * After so long without an answer a thread is taken for stuck and replaced. Far above any time-out: a thread that is
   * ended inside the native library takes the whole process with it.
   */
  readonly stuckMs?: number;
  /** For the model to answer for the first time. */
  readonly startLimitMs?: number;
  /** Micro-batches that may wait for a worker; more are refused at once with FW602. */
  readonly maxWaiting?: number;
  /** Another worker file: for tests of dying and hanging. */
  readonly workerFile?: URL;
}

/** Starts the pool and resolves once the model has answered in it; rejects with FW601 if it cannot. */
export const createScorer = async (options: ScorerOptions): Promise<Scorer> => {
  const { workers = 1, timeoutMs = 200, stuckMs = 60_000, startLimitMs = 30_000, maxWaiting = 64 } = options;
  const { modelPath, signature } = options.model;
  const columns = signature.features.length;
  const modelVersion = `${signature.model}@${signature.version}`;
  const workerModel: WorkerModel = { modelPath, input: signature.input, output: signature.output };
  // The native library would write usage data to the home folder; it reads this from the process, not from the thread.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const pool = new Piscina<ScoreTask, Float32Array>({
    filename: (options.workerFile ?? workerUrl(import.meta.url, 'worker')).href,
    minThreads: workers,
    maxThreads: workers,
    maxQueue: maxWaiting,
    workerData: workerModel,
  });
  // A thread that dies while it has nothing to do harms no row, and the pool starts another one.
  pool.on('error', () => {});

  const run = async (matrix: Float32Array, rows: number, limitMs: number): Promise<Float32Array> => {
    // A copy is moved, so that the caller can still log the row, or fall back.
    const moved = matrix.slice(0, rows * columns);
    const stuck = new AbortController();
    const stuckTimer = setTimeout(() => stuck.abort(), Math.max(stuckMs, limitMs));
    const answer = pool
      .run({ matrix: moved, rows }, { signal: stuck.signal, transferList: [moved.buffer] })
      .finally(() => clearTimeout(stuckTimer));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      // An answer that lies there already counts, however late this thread came to look.
      timer = setTimeout(() => setImmediate(() => reject(new TooSlow())), limitMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      answer.catch(() => undefined);
      late.catch(() => undefined);
    }
  };

  const score = async (matrix: Float32Array, rows: number): Promise<Float32Array> => {
    if (rows === 0) return new Float32Array(0);
    return run(matrix, rows, timeoutMs).catch((cause: unknown) => {
      throw isTooSlow(cause)
        ? new ForewarnError(
            'FW602',
            `scoring ${rows} rows with ${modelVersion} got no answer within ${timeoutMs} ms; raise the time-out or add workers.`,
            { cause },
          )
        : new ForewarnError(
            'FW603',
            `scoring ${rows} rows with ${modelVersion} failed in its worker: ${messageOf(cause)}; the pool starts another worker by itself.`,
            { cause },
          );
    });
  };

  const warm = async (): Promise<void> => {
    const row = new Float32Array(columns).fill(NaN);
    await Promise.all(Array.from({ length: workers }, async () => run(row, 1, startLimitMs)));
  };

  try {
    await warm();
  } catch (cause) {
    await pool.destroy();
    throw new ForewarnError(
      'FW601',
      `model ${modelVersion} at ${modelPath} does not answer to ${columns} columns: ${messageOf(cause)}; publish it again or choose another version.`,
      { cause },
    );
  }
  return {
    modelVersion,
    threshold: signature.threshold,
    columns,
    score,
    warm,
    close: async () => pool.close(),
  };
};

class TooSlow extends Error {}

/** Our own limit, or a line of waiting tasks that is full. */
const isTooSlow = (cause: unknown): boolean =>
  cause instanceof Error &&
  (cause instanceof TooSlow ||
    cause.name === 'AbortError' ||
    /queue is at limit|No task queue/.test(cause.message));

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
