import type { ScorerService } from './scorer-service.ts';
import type { Item, Key, Progress } from './item.ts';
import type { Observable } from './operate.ts';
import type { Checkpointed } from './state/checkpointed.ts';

/** Where a row of the log lies. */
export interface RowOrigin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What a failed row leaves behind. */
export interface RowFailure {
  readonly stage: 'decode' | 'validate' | 'operator' | 'score' | 'sink';
  readonly row: unknown;
  readonly heardAt: number;
  readonly error: unknown;
  /** The moment at which it failed, from which the task finds the record that it came from. */
  readonly moment?: { readonly progress: Progress; readonly position: number };
  /** Filled in by the task. */
  readonly origin?: RowOrigin;
}

/** Something to be done after so many milliseconds. Injected, as the clock is. */
export interface Timers {
  /** Answers how to take it back. */
  after(ms: number, act: () => void): () => void;
}

export interface Services {
  /** By name of the model whose risk is judged. */
  scorer(model: string): ScorerService;
  /** For time-outs of what is asked outside; where there are none, nothing times out. */
  readonly timers?: Timers;
}

/** What a step counts beside the rows that leave it. */
export type StepCount =
  | 'late'
  | 'expired'
  | 'duplicate'
  | 'suppressed'
  | 'evicted'
  | 'revised'
  | 'unanswered';

/** What a running step knows of the task around it. */
export interface StepContext {
  readonly step: string;
  readonly task: string;
  readonly services: Services;
  /** Takes part in the checkpoint under this step's name. `part` tells several states of one step apart. */
  checkpoint(part: string, state: Checkpointed): void;
  /** Called by the step when a barrier passes it: its changes up to here belong to that epoch. */
  atBarrier(epoch: number): void;
  /**
   * Says when the step has its next share of work to do that is too much for one moment: a log time, Infinity for none.
   * The task stops there before it goes on, so that a barrier may lie between any two shares.
   */
  paced(next: () => number): void;
  /** A row that could not be used goes to dead letters; the flow goes on. */
  fail(failure: RowFailure): void;
  /** A batch that is under way outside the thread holds credit until it is done. */
  hold(): () => void;
  /** Rows that left the step, for metrics. */
  countRows(n: number): void;
  count(what: StepCount, n: number): void;
  /** Another way out of the step, such as its late rows. Every beat and barrier goes this way too. */
  side(port: string): (item: Item<unknown>) => void;
}

/**
 * One node of the graph. `In` and `Out` are row types; `Needs` is 'keyed' for a step that may only follow a `keyBy`.
 * A step is a value: nothing runs before a task calls `make`, which gives an operator over the runtime's items.
 */
export interface Step<In, Out, Needs extends 'any' | 'keyed' = 'any'> {
  readonly verb: string;
  /** Identity of its state; null for a step without state. */
  readonly name: string | null;
  readonly stateful: boolean;
  /** May answer after other items have come: only the last step before an output or a one-input step may. */
  readonly async: boolean;
  /** Its answers may be others when the same rows come again: FW214 before a sink that relies on equal ones. */
  readonly deterministic?: boolean;
  /** It waits for watermarks: FW210 after a topic without event time. */
  readonly eventTime?: boolean;
  /** For people who read the graph: parameters in a few words. */
  readonly detail: string;
  /** It reads single fields of whole batches, or leaves rows as they are for those behind it that may; else rows come as objects. */
  readonly columns?: 'read' | 'passed';
  /** What it may count beside the rows that leave it. */
  readonly counts?: readonly StepCount[];
  /** What of its parameters its state depends on: where that has changed, a savepoint of it cannot be read. */
  readonly stateShape?: string;
  /** What is wrong with it in itself, in words; FW206 before anything runs. */
  readonly faults: readonly string[];
  /** What is wrong with it given the topics it reads: FW212. */
  readonly faultsAfter?: (
    sources: readonly { readonly name: string; readonly disorderMs: number }[],
  ) => readonly string[];
  /** What is wrong with it given the models that there are: FW213. */
  readonly faultsWith?: (services: Services) => readonly string[];
  /** A step that may stand before a change of key which leads to this one alone, and leave out what this one would not look at. */
  readonly beforeRekey?: (key: {
    readonly field: string | null;
    readonly key: (row: never) => Key;
  }) => Step<never, unknown>;
  readonly needs?: Needs;
  readonly make: (
    context: StepContext,
  ) => (inputs: readonly Observable<Item<never>>[]) => Observable<Item<Out>>;
  /** Types only. */
  readonly in?: (row: In) => void;
}
