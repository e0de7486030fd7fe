import type { MessagePort } from 'node:worker_threads';
import type { TaskLook } from '../task-view.ts';
import type { PassedError } from './passed-error.ts';

/** What a task of a thread tells of itself again and again. */
export interface TaskReport {
  readonly name: string;
  readonly time: number;
  readonly watermark: number;
  readonly epoch: number;
  readonly creditLeft: number;
  /** Sum of the offsets that it has taken its inputs up to. */
  readonly taken: number;
  /** Nothing that it was given is under way, and nothing it did is uncommitted. */
  readonly isQuiet: boolean;
  readonly sharesWait: boolean;
}

/** What is told of it more rarely. */
export interface TaskHoldings {
  readonly name: string;
  readonly holds: ReadonlyMap<string, number>;
  readonly stateKeys: ReadonlyMap<string, number>;
}

/** Of those tasks of which something is new. */
export interface ThreadReport {
  /** Rows that its tasks have taken since it began. */
  readonly rows: number;
  readonly tasks: readonly TaskReport[];
  readonly holdings: readonly TaskHoldings[];
}

/** What a thread does for the process: for its partition numbers what an engine does. */
export interface ThreadMethods {
  take(number: number): Promise<void>;
  give(number: number): Promise<void>;
  drop(number: number): Promise<void>;
  standBy(number: number): Promise<void>;
  standDown(number: number): Promise<void>;
  /** Commits what was done; then the thread may go. */
  stop(): Promise<void>;
  look(task: string): Promise<TaskLook>;
  /** Its counts, for whoever adds up those of all threads. */
  metrics(): Promise<unknown>;
}

/** What a thread tells the process. */
export interface ProcessMethods {
  /** It can be asked, or it cannot begin. */
  ready(error: PassedError | null): void;
  report(report: ThreadReport): void;
  failed(error: PassedError): void;
  fenced(number: number, error: PassedError): void;
}

/** What a thread begins with; `settings` is for those who wire it up. */
export interface ThreadData<S> {
  readonly log: MessagePort;
  readonly calls: MessagePort;
  readonly settings: S;
}
