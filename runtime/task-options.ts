import type { Clock } from './clock.ts';
import type { Stage } from './graph.ts';
import type { Log } from './log/log.ts';
import type { MergeInput } from './merge.ts';
import type { SnapshotStore } from './state/snapshot-store.ts';
import type { RowFailure, Services } from './step.ts';
import type { TaskObserver } from './task-observer.ts';
import type { Topic } from './topic.ts';
import type { Turns } from './turns.ts';

export interface TaskInput extends MergeInput {
  /** Source node that its rows go to. */
  readonly node: number;
  readonly source: Topic<unknown>;
  /** How far behind the highest event time its rows may come before they are late. */
  readonly disorderMs: number;
  readonly broadcast: boolean;
  /** Its writers say themselves how far event time has come. */
  readonly stamped: boolean;
  /** A row whose event time is so much after its log time is refused: one wrong clock would make the honest rows late. */
  readonly maxFutureMs: number;
}

/** What every task of an engine shares with the others. */
export interface TaskSurroundings {
  readonly log: Log;
  readonly services: Services;
  readonly observer: TaskObserver;
  /** Measures how long things take, and so how much is done at once; no result depends on it. */
  readonly wall: Clock;
  /** Row of the dead-letter topic for a row that a step could not use. */
  readonly deadLetter: (
    failure: RowFailure,
    step: string,
    task: string,
  ) => { readonly topic: Topic<unknown>; readonly row: unknown };
  /** It cannot go on, and takes no input any more. */
  readonly onError: (error: unknown) => void;
  /** A new base of the state is written when the changes since the last one are more bytes than this, and than twice the base. */
  readonly compactAtBytes?: number;
}

export interface TaskOptions extends TaskSurroundings {
  readonly name: string;
  readonly partition: number;
  readonly stage: Stage;
  readonly inputs: readonly TaskInput[];
  readonly checkpointMs: number;
  /** Batches that may be under way outside the thread. */
  readonly credit: number;
  readonly idleMs: number;
  /** Rows of a beat at most; what comes out does not depend on it. */
  readonly maxRows: number;
  readonly snapshots: SnapshotStore;
  /** Resolves when the task may have the thread. */
  readonly turn: Turns;
}
