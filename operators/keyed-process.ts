import { type Duration, durationMs } from '../runtime/duration.ts';
import { joinFlows, type Keyed, type KeyedRows } from '../runtime/flow.ts';
import type { Key } from '../runtime/item.ts';
import { operateAll } from '../runtime/operate.ts';
import type { Step } from '../runtime/step.ts';
import type { TableSpec } from './broadcast-table.ts';
import { ProcessRun } from './process/process-run.ts';

// Inputs and tables are records of flows of different rows; the mapped types below give each its own row type back.
type Inputs = Readonly<Record<string, KeyedRows<unknown>>>;
type Tables = Readonly<Record<string, TableSpec<unknown>>>;
type InputRow<X> = X extends KeyedRows<infer T> ? T : never;
type TableRow<X> = X extends TableSpec<infer T> ? T : never;
/** Type of the keys of inputs; rows meet by key, so all must have keys of one type. */
type KeyIn<I extends Inputs> = NonNullable<I[keyof I]['keyType']>;
type OneKey<I extends Inputs> = [KeyIn<I>] extends [string] | [number]
  ? unknown
  : { readonly 'inputs have keys of different types': never };

/** What a callback sees: its key, the time, its state, and what it may do. Valid only during the call. */
export interface ProcessContext<S, T extends Tables, Out, K extends Key = string> {
  readonly key: K;
  /** The time of the row, of the table's row, or of the timer, exactly when it was due: log time, or event time where the step is `ordered`. */
  readonly now: number;
  /** Event time of the row; of a timer, when it was due. */
  readonly at: number;
  /** Event time below which no row is expected any more. */
  readonly watermark: number;
  readonly state: S;
  /** Replaces the state; a state is never changed in place. */
  readonly set: (state: S) => void;
  /** Forgets the key, with its timers; what is set after it stays. */
  readonly drop: () => void;
  readonly emit: (row: Out) => void;
  /** Sets, moves, or with null takes back the timer of this name. Before `now` means: at `now`, at once. */
  readonly timer: (name: string, at: number | null) => void;
  /** The same for one that fires when the watermark has come to `at`. */
  readonly eventTimer: (name: string, at: number | null) => void;
  /** Rows of a table: by their key, or those that the state, as it is now, is interested in, in the order of their keys. */
  readonly lookup: <N extends keyof T & string>(table: N, key: string) => TableRow<T[N]> | undefined;
  readonly matching: <N extends keyof T & string>(table: N) => readonly TableRow<T[N]>[];
  /** Rows of a table with any of these words, whatever the key is interested in. */
  readonly find: <N extends keyof T & string>(
    table: N,
    words: readonly string[],
  ) => readonly TableRow<T[N]>[];
}

/**
 * `available`: rows of all inputs are answered at once, in the order in which the log heard them, and time is log time.
 * `ordered`: rows wait for the watermark and are answered in the order (event time, key, input), and time is event time.
 */
export type JoinMode = 'available' | 'ordered';

export interface ProcessOptions<S, I extends Inputs, T extends Tables, Out> {
  readonly inputs: I & OneKey<I>;
  readonly tables?: T;
  readonly initial: S;
  readonly on: {
    readonly [N in keyof I]: (row: InputRow<I[N]>, context: ProcessContext<S, T, Out, KeyIn<I>>) => void;
  };
  /** A row of a table came or changed, for each key that is interested in it: the row as it is kept. */
  readonly onTable?: {
    readonly [N in keyof T]?: (row: TableRow<T[N]>, context: ProcessContext<S, T, Out, KeyIn<I>>) => void;
  };
  /** Words of the table's rows that a key wants to hear of: zones it will pass, its customer. */
  readonly interests?: { readonly [N in keyof T]?: (state: S) => readonly string[] };
  /** Where a row of a table is for more keys than answer at once: those come first of which this says most. */
  readonly urgency?: { readonly [N in keyof T]?: (state: S) => number };
  readonly onTimer?: (name: string, context: ProcessContext<S, T, Out, KeyIn<I>>) => void;
  /** A key that got no row for so long is forgotten. */
  readonly ttl?: Duration;
  readonly mode?: JoinMode;
  /** Rows that may wait for the watermark in a task; one too many goes to dead letters. */
  readonly maxWaiting?: number;
  /**
   * Keys that answer a row of a table at one moment, 128 where left out, not counted those that have nothing to do for
   * it, up to sixteen times as many; the others follow by such shares, each 2^-10 ms of log time after the one before.
   * Of a step that is `ordered` all answer at once.
   */
  readonly keysAtOnce?: number;
  readonly verb?: string;
  readonly detail?: string;
  /** Why its state would have no bound, in words; FW206 before anything runs. */
  readonly faults?: readonly string[];
  readonly faultsAfter?: Step<never, Out>['faultsAfter'];
  readonly deterministic?: boolean;
  /** The type of the rows that `emit` takes: `emits: rowsOf<Alarm>()`. */
  readonly emits: RowsOf<Out>;
}

export interface RowsOf<Out> {
  readonly row?: (row: Out) => Out;
}

/** Names a type of rows where a value is wanted, so that the other types can be inferred beside it. */
export const rowsOf = <Out>(): RowsOf<Out> => ({});

const MOST_WAITING = 100_000;
const KEYS_AT_ONCE = 128;

/**
 * Keyed state with timers over several co-partitioned inputs and broadcast tables: what our stateful steps are made
 * of, and what an author writes his own with. Timers fire between the rows exactly where their time lies.
 * timer at 10, rows heard at 9 and 11 → row 9, timer 10, row 11, whatever the batches were.
 * Late rows of an `ordered` step leave by the side way `late`. State is bounded by its keys: give a `ttl`, or call
 * `drop` when a key is done.
 */
export const keyedProcess = <S, const I extends Inputs, Out, const T extends Tables = {}>(
  name: string,
  options: ProcessOptions<S, I, T, Out>,
): Keyed<Out, KeyIn<I>> => {
  const inputs = Object.keys(options.inputs);
  const tables = Object.keys(options.tables ?? {});
  const flows: Pick<KeyedRows<unknown>, 'graph' | 'node'>[] = [
    ...inputs.map((input) => options.inputs[input]!),
    ...tables.map((table) => options.tables![table]!.flow),
  ];
  const { mode = 'available', ttl, faultsAfter, deterministic = true } = options;
  const { keysAtOnce = KEYS_AT_ONCE, faults = [] } = options;
  const isShare = Number.isSafeInteger(keysAtOnce) && keysAtOnce > 0;
  const settings = {
    inputs,
    tables,
    mode,
    ttlMs: ttl === undefined ? null : durationMs(ttl),
    maxWaiting: options.maxWaiting ?? MOST_WAITING,
    keysAtOnce,
  };
  const step: Step<never, Out, 'keyed'> = {
    verb: options.verb ?? 'process',
    name,
    stateful: true,
    async: false,
    deterministic,
    eventTime: mode === 'ordered',
    detail: [options.detail ?? '', mode === 'ordered' ? 'ordered' : '']
      .filter((part) => part !== '')
      .join(', '),
    counts: mode === 'ordered' ? ['late'] : [],
    faults: isShare ? faults : [...faults, `keysAtOnce is ${keysAtOnce}; give a whole number of at least 1`],
    ...(faultsAfter === undefined ? {} : { faultsAfter }),
    make: (context) => (sources) =>
      operateAll<unknown, Out>(
        sources as never,
        (out) => new ProcessRun<Out>(context, options as never, settings, out),
      ),
  };
  return joinFlows<Out, KeyIn<I>>(flows, step);
};
