import type { AllStates, Base } from './task-snapshot.ts';

/** All that a task knew at one epoch, with its size in bytes. */
export interface SavedState {
  readonly base: Base;
  readonly states: AllStates;
  readonly bytes: number;
}

/**
 * Where the bases of tasks lie: all of their state at one epoch, now and then. The changes between two bases are in the
 * state topic of the log, every checkpoint of them, and do not come here. What is saved is durable when `save` resolves,
 * whole or not at all; a task that moves to another process takes its base from here.
 */
export interface SnapshotStore {
  /**
   * The base with all of its state; undefined when there is none yet. Whoever loads has the task from then on: where the
   * store can be reached by several processes, a save of whoever had it before is FW417, and what it replaces stays.
   */
  load(task: string): Promise<SavedState | undefined>;
  /** The same of a task that another process has and goes on with: takes nothing. */
  peek(task: string): Promise<SavedState | undefined>;
  /** Has the task as `load` does, for whoever knows its state already. */
  claim(task: string): Promise<void>;
  /** Answers its size in bytes. Two saves of one task must not overlap. */
  save(task: string, base: Base, states: AllStates): Promise<number>;
  /** A durable copy as a file that `FolderSnapshots` reads, for a savepoint; false when there is none. Takes nothing. */
  copyTo(task: string, folder: string): Promise<boolean>;
}
