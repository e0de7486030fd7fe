/** What each worker is told once, when it starts. */
export interface WorkerModel {
  readonly modelPath: string;
  readonly input: string;
  readonly output: string;
}

/** One micro-batch: row-major, moved to the worker. */
export interface ScoreTask {
  readonly matrix: Float32Array;
  readonly rows: number;
}
