import type { Calibration, SignatureOutput } from '../signature.ts';

/** One model as its workers know it. */
export interface WorkerModel {
  /** `late-delivery@3f2a9c1d0b7e` */
  readonly name: string;
  readonly modelPath: string;
  readonly input: string;
  readonly outputs: readonly WorkerOutput[];
  readonly calibration: Calibration;
  /** Which columns of the matrix it takes, in its order; null where it takes them all as they are. */
  readonly pick: Int32Array | null;
}

export interface WorkerOutput extends Pick<SignatureOutput, 'name' | 'kind' | 'gives'> {
  /** Numbers a row in the answer. */
  readonly width: number;
}

/** What each thread is told once, when it starts. */
export interface WorkerSetup {
  readonly columns: number;
  readonly models: readonly WorkerModel[];
}

/** States of a micro-batch, in memory that both threads see: whoever moves it on from `waiting` has it. */
export const batchState = { waiting: 0, begun: 1, givenUp: 2 } as const;

/**
 * One micro-batch: row-major, moved to the thread. The answer is one array: model by model and output by output, for each
 * of them all rows; then, by model, how many milliseconds it took. Two models of widths 1 and 3 and two rows →
 * `a a, b1 b2 b3 b1 b2 b3, .02 .05`.
 */
export interface ScoreTask {
  readonly matrix: Float32Array;
  readonly rows: number;
  /** Of one number, a `batchState`. */
  readonly state: Int32Array;
}
