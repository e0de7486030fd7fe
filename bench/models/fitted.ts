/** A model that was trained on a task's first rows: what that took, and what it says of the rest. */
export interface Fitted {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly scores: Float32Array;
}
