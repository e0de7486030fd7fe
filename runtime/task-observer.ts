import type { RowFailure, StepCount } from './step.ts';
import type { Task } from './task.ts';

export interface CommitFacts {
  readonly epoch: number;
  readonly rows: number;
  readonly stateBytes: number;
  readonly tookMs: number;
}

/** What a task tells of itself, for metrics and logs; nothing it decides depends on it. */
export interface TaskObserver {
  rowsIn(task: Task, rows: number, late: number): void;
  rowOut(task: Task, topic: string, row: unknown): void;
  committed(task: Task, facts: CommitFacts): void;
  failed(task: Task, step: string, failure: RowFailure): void;
  /** Rows that left a step. */
  counted(task: Task, step: string, n: number): void;
  /** Rows that did not leave it as others do. */
  counts(task: Task, step: string, what: StepCount, n: number): void;
}

export const silentObserver: TaskObserver = {
  rowsIn: () => undefined,
  rowOut: () => undefined,
  committed: () => undefined,
  failed: () => undefined,
  counted: () => undefined,
  counts: () => undefined,
};
