import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { workerUrl } from '../worker-url.ts';
import type { BoostProgress } from './boost.ts';
import { packRows } from './packed-rows.ts';
import type { TrainCategoryOptions, TrainedCategory } from './train-category.ts';
import type { TrainCauseOptions, TrainedCause } from './train-cause.ts';
import type { TrainedEta, TrainEtaOptions } from './train-eta.ts';
import type { TrainedRisk, TrainRiskOptions } from './train-risk.ts';
import type { TrainingRow } from './training-rows.ts';
import type { TrainingJob, TrainingTask } from './training-worker.ts';

export interface Watching {
  /** Ends the thread; the promise rejects with an AbortError. */
  readonly signal?: AbortSignal;
  /** After each round of trees. A model that is fitted twice begins again at round 1. */
  readonly onProgress?: (progress: BoostProgress) => void;
  /** Another worker file: for tests of dying. */
  readonly workerFile?: URL;
}

export const trainRiskInWorker = async (
  rows: readonly TrainingRow[],
  options: TrainRiskOptions = {},
  watching: Watching = {},
): Promise<TrainedRisk> => inWorker(rows, { kind: 'risk', options }, watching);

export const trainEtaInWorker = async (
  rows: readonly TrainingRow[],
  options: TrainEtaOptions = {},
  watching: Watching = {},
): Promise<TrainedEta> => inWorker(rows, { kind: 'eta', options }, watching);

export const trainCauseInWorker = async (
  rows: readonly TrainingRow[],
  options: TrainCauseOptions,
  watching: Watching = {},
): Promise<TrainedCause> => inWorker(rows, { kind: 'cause', options }, watching);

export const trainCategoryInWorker = async (
  rows: readonly TrainingRow[],
  options: TrainCategoryOptions = {},
  watching: Watching = {},
): Promise<TrainedCategory> => inWorker(rows, { kind: 'category', options }, watching);

/** A thread that lives as long as the training. Rows are copied a few thousand at a time, so that this one goes on. */
const inWorker = async <T>(
  rows: readonly TrainingRow[],
  job: TrainingJob,
  { signal, onProgress, workerFile }: Watching,
): Promise<T> => {
  signal?.throwIfAborted();
  const packed = await packRows(rows);
  const { port1: heard, port2: progress } = new MessageChannel();
  heard.on('message', (of: BoostProgress) => onProgress?.(of));
  const pool = new Piscina<TrainingTask, T>({
    filename: (workerFile ?? workerUrl(import.meta.url, 'training-worker')).href,
    minThreads: 1,
    maxThreads: 1,
  });
  try {
    const buffers = [packed.features, packed.labels, packed.at, packed.shipments, packed.weights].map(
      ({ buffer }) => buffer as ArrayBuffer,
    );
    return await pool.run(
      { rows: packed, job, progress },
      { signal: signal ?? null, transferList: [...buffers, progress] },
    );
  } catch (cause) {
    throw isOurs(cause) ? cause : failed(rows.length, cause);
  } finally {
    heard.close();
    await pool.destroy();
  }
};

/** A word of the trainer's own, or of whoever called it off. */
const isOurs = (cause: unknown): boolean =>
  cause instanceof Error && (cause.name === 'AbortError' || /^FW\d{3} /.test(cause.message));

const failed = (rows: number, cause: unknown): ForewarnError =>
  new ForewarnError(
    'FW607',
    `training on ${rows} rows failed in its worker: ${cause instanceof Error ? cause.message : String(cause)}; train on fewer rows, or give the process more memory.`,
    { cause },
  );
