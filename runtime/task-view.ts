import type { EventTime } from './state/task-snapshot.ts';

/** How a task stands at one moment, for people who ask why nothing comes. */
export interface TaskLook {
  readonly time: number;
  readonly eventTime: EventTime;
  readonly holds: ReadonlyMap<string, number>;
  readonly creditLeft: number;
  /** What it has begun and not finished: batches outside the thread, commits, barriers among its steps. */
  readonly begun: { readonly underWay: number; readonly commits: number; readonly barriers: number };
}

/** What can be seen of a task, whichever thread it runs in. */
export interface TaskView {
  readonly name: string;
  readonly stage: string;
  /** Records that are durable and not yet handed out. */
  readonly lag: number;
  /** Log time that it has come to. */
  readonly time: number;
  readonly watermark: number;
  readonly epoch: number;
  readonly creditLeft: number;
  /** First offsets that a restart would read, by `topic/partition`. */
  readonly holds: ReadonlyMap<string, number>;
  /** A step has shares of work that log time has not come to yet. */
  readonly sharesWait: boolean;
  /** True when everything heard up to log time `t` is done and committed. */
  settled(t: number): boolean;
  /** Keys by the states of its steps. */
  stateKeys(): ReadonlyMap<string, number>;
  look(): Promise<TaskLook>;
}

/** What is asked of all tasks together. */
export interface TasksView<T extends TaskView = TaskView> {
  /** Those that run here. */
  readonly tasks: readonly T[];
  /** True when everything that was durable at log time `t` has gone through every task. */
  settled(t: number): boolean;
  /** Keys have yet to answer a table's row, by shares for which log time must go on. */
  readonly sharesWait: boolean;
  /** Records that are durable and that no task of the stage has taken. */
  lagOf(stage: string): number;
  /** Keys that a step keeps state for, over all tasks. */
  keysOf(step: string): number;
  /** How far the lowest watermark of a stage is behind log time; 0 before its first row. */
  watermarkLagMs(stage: string, now: number): number;
}

/** The answers of those tasks that run when it is asked. */
export const viewOf = <T extends TaskView>(running: () => readonly T[]): TasksView<T> => ({
  get tasks() {
    return running();
  },
  settled: (t) => running().every((task) => task.settled(t)),
  get sharesWait() {
    return running().some((task) => task.sharesWait);
  },
  lagOf: (stage) => running().reduce((sum, task) => (task.stage === stage ? sum + task.lag : sum), 0),
  keysOf: (step) =>
    running().reduce((sum, task) => sum + (task.stateKeys().get(`${step}\u0000keys`) ?? 0), 0),
  watermarkLagMs: (stage, now) =>
    running().reduce((most, task) => {
      const known = task.stage === stage && task.watermark !== -Infinity;
      return known ? Math.max(most, now - task.watermark) : most;
    }, 0),
});
