import type { Item } from './item.ts';
import type { Observable } from './operate.ts';
import type { Checkpointed } from './state/keyed-state.ts';

/** What a failed row leaves behind. */
export interface RowFailure {
  readonly stage: 'operator' | 'score';
  readonly row: unknown;
  readonly heardAt: number;
  readonly error: unknown;
}

/** Answers of an external scorer, by model name; set up by the wiring, never by a definition. */
export interface ScorerService {
  readonly modelVersion: string;
  readonly threshold: number;
  readonly columns: number;
  score(matrix: Float32Array, rows: number): Promise<Float32Array>;
}

export interface Services {
  scorer(model: string): ScorerService;
}

/** What a running step knows of the task around it. */
export interface StepContext {
  readonly step: string;
  readonly task: string;
  readonly services: Services;
  /** Takes part in the checkpoint under this step's name. `part` tells several states of one step apart. */
  checkpoint(part: string, state: Checkpointed): void;
  /** Called by the step when a barrier passes it: its changes up to here belong to that epoch. */
  atBarrier(epoch: number): void;
  /** A row that could not be used goes to dead letters; the flow goes on. */
  fail(failure: RowFailure): void;
  /** A batch that is under way outside the thread holds credit until it is done. */
  hold(): () => void;
  /** Rows that left the step, for metrics. */
  countRows(n: number): void;
}

/**
 * One node of the graph. `In` and `Out` are row types; `Needs` is 'keyed' for a step that may only follow a `keyBy`.
 * A step is a value: nothing runs before a task calls `make`.
 */
export interface Step<In, Out, Needs extends 'any' | 'keyed' = 'any'> {
  readonly verb: string;
  /** Identity of its state; null for a step without state. */
  readonly name: string | null;
  readonly stateful: boolean;
  /** May answer after other items have come: only the last step before an output or a one-input step may. */
  readonly async: boolean;
  /** For people who read the graph: parameters in a few words. */
  readonly detail: string;
  /** Why its state would have no bound, in words; FW206 before anything runs. */
  readonly faults: readonly string[];
  readonly needs?: Needs;
  readonly make: (
    context: StepContext,
  ) => (inputs: readonly Observable<Item<never>>[]) => Observable<Item<Out>>;
  /** Types only. */
  readonly in?: (row: In) => void;
}
