/** Scores rows with one version of one model, away from the main thread. */
export interface Scorer {
  /** Model and version, such as `late-delivery@3f2a9c1d0b7e`. */
  readonly modelVersion: string;
  /** From this probability on it is an alarm. */
  readonly threshold: number;
  readonly columns: number;
  /**
   * Probability of being late for each of the first `rows` rows of the row-major matrix, which stays the
   * caller's. Rejects with FW602 when it takes too long and with FW603 when the worker dies; the caller then
   * takes the fallback, and the next call finds a fresh worker.
   */
  score(matrix: Float32Array, rows: number): Promise<Float32Array>;
  /** Resolves when every worker has scored once, so that the first real rows do not wait for the model. */
  warm(): Promise<void>;
  close(): Promise<void>;
}
