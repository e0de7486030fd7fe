/** Rows by time, of which a model learns from the first and is judged on the rest. */
export interface Task {
  readonly name: string;
  readonly columns: readonly string[];
  /** Row-major, NaN for missing. */
  readonly matrix: Float32Array;
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly learned: number;
  /** Stages of each row. */
  readonly stages: readonly (readonly string[])[];
  /** What the naive rule goes by: the delay so far, in minutes. */
  readonly delays: Float64Array;
  /** From the row's moment to the promise. */
  readonly leadHours: Float64Array;
}
