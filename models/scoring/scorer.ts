import type { Signature } from '../signature.ts';

/**
 * What the models said of the rows of one question: by model and by its output, rows × numbers a row; one number of a
 * risk, one for each level of quantiles and for each label of classes.
 */
export type Scores = readonly (readonly Float32Array[])[];

/** Scores rows with one set of versions, away from the main thread. */
export interface Scorer {
  readonly models: readonly Signature[];
  /**
   * What all of the models say of the first `rows` rows of the row-major matrix, which stays the caller's and must not
   * change before the answer. Rejects with FW602 when it takes too long and with FW603 when the worker dies; the caller
   * then takes the fallback, and the next call finds a fresh worker.
   */
  score(matrix: Float32Array, rows: number): Promise<Scores>;
  /** Resolves when every worker has scored once, so that the first real rows do not wait for the models. */
  warm(): Promise<void>;
  /** Answers what is under way, then lets the models go. */
  close(): Promise<void>;
}
