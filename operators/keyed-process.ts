import { joinFlows, type Keyed } from '../runtime/flow.ts';
import { type Item, type Rows, RowsBuilder } from '../runtime/item.ts';
import { operateAll } from '../runtime/operate.ts';
import { KeyedState } from '../runtime/state/keyed-state.ts';
import { TimerQueue } from '../runtime/state/timers.ts';
import type { Step, StepContext } from '../runtime/step.ts';
import { BroadcastTable, type TableSpec } from './broadcast-table.ts';

// Inputs and tables are records of flows of different rows; the mapped types below give each its own row type back.
type Inputs = Readonly<Record<string, Keyed<unknown>>>;
type Tables = Readonly<Record<string, TableSpec<unknown>>>;
type KeyedRow<X> = X extends Keyed<infer T> ? T : never;
type TableRow<X> = X extends TableSpec<infer T> ? T : never;

/** What a callback sees: its key, log time, its state, and what it may do. Valid only during the call. */
export interface ProcessContext<S, T extends Tables, Out> {
  readonly key: string;
  /** Log time: of the row, of the table's row, or of the timer, exactly when it was due. */
  readonly now: number;
  readonly state: S;
  /** Replaces the state; a state is never changed in place. */
  readonly set: (state: S) => void;
  /** Forgets the key, with its timers; what is set after it stays. */
  readonly drop: () => void;
  readonly emit: (row: Out) => void;
  /** Sets, moves, or with null takes back the timer of this name. Before `now` means: at `now`, at once. */
  readonly timer: (name: string, at: number | null) => void;
  /** Rows of a table: by their key, or those that the state, as it is now, is interested in, in the order of their keys. */
  readonly lookup: <K extends keyof T & string>(table: K, key: string) => TableRow<T[K]> | undefined;
  readonly matching: <K extends keyof T & string>(table: K) => readonly TableRow<T[K]>[];
  /** Rows of a table with any of these words, whatever the key is interested in. */
  readonly find: <K extends keyof T & string>(
    table: K,
    words: readonly string[],
  ) => readonly TableRow<T[K]>[];
}

export interface ProcessOptions<S, I extends Inputs, T extends Tables, Out> {
  readonly inputs: I;
  readonly tables?: T;
  readonly initial: S;
  readonly on: { readonly [K in keyof I]: (row: KeyedRow<I[K]>, context: ProcessContext<S, T, Out>) => void };
  /** A row of a table came or changed, for each key that is interested in it. */
  readonly onTable?: {
    readonly [K in keyof T]?: (row: TableRow<T[K]>, context: ProcessContext<S, T, Out>) => void;
  };
  /** Words of the table's rows that a key wants to hear of: zones it will pass, its customer. */
  readonly interests?: { readonly [K in keyof T]?: (state: S) => readonly string[] };
  readonly onTimer?: (name: string, context: ProcessContext<S, T, Out>) => void;
  readonly detail?: string;
  /** Why its state would have no bound, in words; FW206 before anything runs. */
  readonly faults?: readonly string[];
  /** The type of the rows that `emit` takes: `emits: rowsOf<Alarm>()`. */
  readonly emits: RowsOf<Out>;
}

export interface RowsOf<Out> {
  readonly row?: (row: Out) => Out;
}

/** Names a type of rows where a value is wanted, so that the other types can be inferred beside it. */
export const rowsOf = <Out>(): RowsOf<Out> => ({});

interface Entry<S> {
  readonly s: S;
  /** Timers by name. */
  readonly t: Readonly<Record<string, number>>;
}

/**
 * Keyed state with timers over several co-partitioned inputs and broadcast tables: what all stateful steps of ours
 * are made of. Available mode: rows of all inputs come in the order in which the log heard them, each is answered at
 * once with what was known, and timers fire between them exactly where their time lies.
 * timer at 10, rows heard at 9 and 11 → row 9, timer 10, row 11, whatever the batches were.
 * State is bounded by its keys: call `drop` when a key is done.
 */
export const keyedProcess = <S, const I extends Inputs, Out, const T extends Tables = {}>(
  name: string,
  options: ProcessOptions<S, I, T, Out>,
): Keyed<Out> => {
  const inputs = Object.keys(options.inputs);
  const tables = Object.keys(options.tables ?? {});
  const flows: { readonly graph: Keyed<unknown>['graph']; readonly node: number }[] = [
    ...inputs.map((input) => options.inputs[input]!),
    ...tables.map((table) => options.tables![table]!.flow),
  ];
  const step: Step<never, Out, 'keyed'> = {
    verb: 'process',
    name,
    stateful: true,
    async: false,
    detail: options.detail ?? '',
    faults: options.faults ?? [],
    make: (context) => (sources) =>
      operateAll<unknown, Out>(
        sources as never,
        (out) => new ProcessRun(context, options as never, inputs, tables, out),
      ),
  };
  return joinFlows(flows, step);
};

type LooseOptions<Out> = ProcessOptions<unknown, Inputs, Tables, Out>;

const SWEEP_AT_LEAST = 4_096;

class ProcessRun<Out> {
  readonly #entries = new KeyedState<Entry<unknown>>();
  readonly #timers = new TimerQueue();
  readonly #tables = new Map<string, BroadcastTable<unknown>>();
  readonly #builder: RowsBuilder<Out>;
  readonly #out: (item: Item<Out>) => void;
  readonly #step: StepContext;
  readonly #options: LooseOptions<Out>;
  readonly #inputs: readonly string[];
  readonly #tableNames: readonly string[];

  constructor(
    step: StepContext,
    options: LooseOptions<Out>,
    inputs: readonly string[],
    tables: readonly string[],
    out: (item: Item<Out>) => void,
  ) {
    this.#step = step;
    this.#options = options;
    this.#inputs = inputs;
    this.#tableNames = tables;
    this.#out = out;
    this.#builder = new RowsBuilder<Out>(out);
    for (const name of tables) {
      const table = new BroadcastTable<unknown>(options.tables![name]!);
      this.#tables.set(name, table);
      step.checkpoint(`table:${name}`, table.rows);
    }
    const entries = this.#entries;
    step.checkpoint('keys', {
      delta: () => entries.delta(),
      all: () => entries.all(),
      get size() {
        return entries.size;
      },
      get dirty() {
        return entries.dirty;
      },
      restore: (delta) => {
        entries.restore(delta);
        for (const key of delta.deleted) this.#watch(key);
        for (const [key, entry] of delta.set) this.#resume(key, entry as Entry<unknown>);
      },
    });
  }

  rows(port: number, { values, keys, at, heardAt }: Rows<unknown>): void {
    const input = this.#inputs[port];
    const table = input === undefined ? this.#tableNames[port - this.#inputs.length] : undefined;
    for (let index = 0; index < values.length; index++) {
      const row = values[index]!;
      const now = heardAt[index]!;
      this.#fire(now);
      if (input !== undefined) {
        this.#call(keys[index]!, now, at[index]!, row, (context) => this.#options.on[input]!(row, context));
      } else {
        this.#tableRow(table!, row, now, at[index]!);
      }
    }
    this.#builder.flush();
  }

  control(item: Exclude<Item<unknown>, Rows<unknown>>): void {
    if (item.kind === 'time') {
      this.#fire(item.now);
      this.#builder.flush();
    }
    if (item.kind === 'barrier') this.#step.atBarrier(item.epoch);
    this.#out(item);
  }

  #resume(key: string, entry: Entry<unknown>): void {
    for (const [name, at] of Object.entries(entry.t)) this.#timers.push({ at, key, name });
    this.#watch(key, this.#wordsOf(entry.s));
  }

  /** Words of each table that a state is interested in. */
  #wordsOf(state: unknown): ReadonlyMap<string, readonly string[]> {
    const { interests } = this.#options;
    return new Map([...this.#tables.keys()].map((name) => [name, interests?.[name]?.(state) ?? []]));
  }

  /** From now on the key hears of the rows with these words; without any, of none. */
  #watch(key: string, words?: ReadonlyMap<string, readonly string[]>): void {
    for (const [name, table] of this.#tables) table.watch(key, words?.get(name) ?? []);
  }

  #fire(now: number): void {
    for (let due = this.#timers.next; due !== undefined && due.at <= now; due = this.#timers.next) {
      this.#timers.pop();
      const entry = this.#entries.get(due.key);
      if (entry?.t[due.name] !== due.at) continue;
      const { [due.name]: _, ...rest } = entry.t;
      this.#entries.set(due.key, { s: entry.s, t: rest });
      const { at, key, name } = due;
      // A table's row that ended before this timer is gone for it, however late both are noticed.
      for (const table of this.#tables.values()) table.expire(at);
      this.#call(key, at, at, { timer: name } as never, (context) => this.#options.onTimer?.(name, context));
    }
    for (const table of this.#tables.values()) table.expire(now);
  }

  /** Timers that were moved stay in the queue until their time; past twice the live ones they are swept out. */
  #sweep(): void {
    this.#timers.keep(({ at, key, name }) => this.#entries.get(key)?.t[name] === at);
    this.#sweepAt = Math.max(SWEEP_AT_LEAST, 2 * this.#timers.size);
  }
  #sweepAt = SWEEP_AT_LEAST;

  #tableRow(name: string, row: unknown, now: number, at: number): void {
    let keys: readonly string[];
    try {
      keys = this.#tables.get(name)!.put(row);
    } catch (error) {
      this.#step.fail({ stage: 'operator', row, heardAt: now, error });
      return;
    }
    const react = this.#options.onTable?.[name];
    if (react === undefined) return;
    for (const key of keys) this.#call(key, now, at, row, (context) => react(row, context));
  }

  #call(
    key: string,
    now: number,
    at: number,
    row: unknown,
    react: (context: ProcessContext<unknown, Tables, Out>) => void,
  ): void {
    const before = this.#entries.get(key);
    let state = before === undefined ? this.#options.initial : before.s;
    let timers = before?.t ?? {};
    let changed = false;
    let dropped = false;
    const emitted: Out[] = [];
    const added: { at: number; key: string; name: string }[] = [];
    let words: ReadonlyMap<string, readonly string[]> | undefined;
    try {
      react({
        key,
        now,
        get state() {
          return state;
        },
        set: (next) => {
          state = next;
          changed = true;
          dropped = false;
        },
        drop: () => {
          state = this.#options.initial;
          timers = {};
          added.length = 0;
          dropped = true;
        },
        emit: (out) => emitted.push(out),
        timer: (name, wanted) => {
          if (Number.isNaN(wanted)) throw new RangeError(`timer "${name}" is set to no time`);
          // What a timer makes carries its time, and log time never goes back along a flow.
          const due = wanted === null ? null : Math.max(wanted, now);
          if (due === (timers[name] ?? null)) return;
          const { [name]: _, ...rest } = timers;
          timers = due === null ? rest : { ...rest, [name]: due };
          if (due !== null) added.push({ at: due, key, name });
          changed = true;
          dropped = false;
        },
        lookup: (table, rowKey) => this.#tables.get(table)!.get(rowKey) as never,
        matching: (table) => {
          const wanted = this.#options.interests?.[table]?.(state) ?? [];
          return this.#tables.get(table)!.find(wanted) as never;
        },
        find: (table, wanted) => this.#tables.get(table)!.find(wanted) as never,
      });
      const isNew = changed && !dropped && (before === undefined || before.s !== state);
      if (isNew && this.#tables.size > 0) words = this.#wordsOf(state);
    } catch (error) {
      // The row is given up whole: no state, timer or output of it stays.
      this.#step.fail({ stage: 'operator', row, heardAt: now, error });
      return;
    }
    if (dropped) {
      this.#entries.delete(key);
      this.#watch(key);
    } else if (changed) {
      this.#entries.set(key, { s: state, t: timers });
      for (const timer of added) this.#timers.push(timer);
      if (this.#timers.size > this.#sweepAt) this.#sweep();
      if (words !== undefined) this.#watch(key, words);
    }
    for (const out of emitted) this.#builder.push(out, key, at, now);
  }
}
