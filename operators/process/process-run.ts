import type { Barrier, Item, Key, Progress, Rows } from '../../runtime/item.ts';
import type { Arrived } from '../../runtime/operate.ts';
import { RowsBuilder } from '../../runtime/rows/rows-builder.ts';
import { Walk } from '../../runtime/rows/walk.ts';
import type { StepContext } from '../../runtime/step.ts';
import { BroadcastTable, type TableSpec } from '../broadcast-table.ts';
import { KeyEntries } from './key-entries.ts';
import type { JoinMode, ProcessContext, ProcessOptions } from '../keyed-process.ts';
import { OrderedRows } from './ordered-rows.ts';
import { mostUrgentFirst } from './most-urgent-first.ts';
import { type Reaction, TableReactions } from './table-reactions.ts';

type Tables = Readonly<Record<string, TableSpec<unknown>>>;
type LooseContext<Out> = ProcessContext<unknown, Tables, Out, Key>;
type LooseOptions<Out> = Omit<
  ProcessOptions<unknown, {}, Tables, Out>,
  'on' | 'onTimer' | 'onTable' | 'urgency'
> & {
  readonly on: Readonly<Record<string, (row: unknown, context: LooseContext<Out>) => void>>;
  readonly onTable?: Readonly<Record<string, (row: unknown, context: LooseContext<Out>) => void>>;
  readonly urgency?: Readonly<Record<string, (state: unknown) => number>>;
  readonly onTimer?: (name: string, context: LooseContext<Out>) => void;
};

export interface ProcessSettings {
  readonly inputs: readonly string[];
  readonly tables: readonly string[];
  readonly mode: JoinMode;
  readonly ttlMs: number | null;
  readonly maxWaiting: number;
  /** Keys that answer a table's row at one moment. */
  readonly keysAtOnce: number;
}

/** Keys that may be asked for each one that has something to do: most of a customer's shipments have nothing open. */
const ASKED_FOR_ONE = 16;

/** A keyed process in one task: what comes in, in which order, and what it calls. What a key holds is in `KeyEntries`. */
export class ProcessRun<Out> {
  readonly #entries: KeyEntries<Out>;
  readonly #tables = new Map<string, BroadcastTable<unknown>>();
  readonly #builder: RowsBuilder<Out>;
  readonly #lateBuilder: RowsBuilder<unknown>;
  readonly #waiting: OrderedRows | null;
  readonly #reactions = new TableReactions();
  readonly #keysAtOnce: number;
  readonly #walk: Walk<unknown>;
  readonly #out: (item: Item<Out>) => void;
  readonly #late: (item: Item<unknown>) => void;
  readonly #step: StepContext;
  readonly #options: LooseOptions<Out>;
  readonly #settings: ProcessSettings;
  #progress!: Progress;
  #position = 0;
  #heardAt = 0;
  /** What the call's row says of lateness; a timer's outputs are judged by the watermark that has been told. */
  #origin: number | null = null;

  constructor(
    step: StepContext,
    options: LooseOptions<Out>,
    settings: ProcessSettings,
    out: (item: Item<Out>) => void,
  ) {
    this.#step = step;
    this.#options = options;
    this.#settings = settings;
    this.#out = out;
    this.#late = step.side('late');
    this.#builder = new RowsBuilder<Out>(out);
    this.#lateBuilder = new RowsBuilder<unknown>(this.#late);
    for (const name of settings.tables) {
      const table = new BroadcastTable<unknown>(options.tables![name]!);
      this.#tables.set(name, table);
      step.checkpoint(`table:${name}`, table.rows);
    }
    this.#entries = new KeyEntries<Out>({
      initial: options.initial,
      ttlMs: settings.ttlMs,
      tables: this.#tables,
      interests: options.interests ?? {},
      emit: (row, key, at, now) => {
        const heardAt = settings.mode === 'ordered' ? this.#heardAt : now;
        this.#builder.push(row, key, at, heardAt, this.#origin ?? this.#entries.watermark, this.#position);
      },
      fail: (row, now, error) => this.#fail(row, now, error),
    });
    step.checkpoint('keys', this.#entries);
    this.#waiting = settings.mode === 'ordered' ? new OrderedRows(settings.maxWaiting) : null;
    if (this.#waiting !== null) step.checkpoint('waiting', this.#waiting);
    this.#keysAtOnce = settings.mode === 'ordered' ? Infinity : settings.keysAtOnce;
    if (options.onTable !== undefined) {
      step.checkpoint('reactions', this.#reactions);
      step.paced(() => this.#reactions.dueAt);
    }
    this.#walk = new Walk<unknown>(settings.mode === 'ordered' ? this.#ordered : this.#available);
  }

  beat(parts: readonly Arrived<unknown>[]): void {
    this.#progress = parts[0]!.rows.progress;
    this.#builder.begin(this.#progress);
    this.#lateBuilder.begin(this.#progress);
    this.#walk.beat(parts);
    this.#builder.end(true);
    this.#lateBuilder.end(true);
  }

  barrier(barrier: Barrier): void {
    this.#step.atBarrier(barrier.epoch);
    this.#out(barrier);
    this.#late(barrier);
  }

  readonly #available = {
    row: (
      { body, keys, at, heardAt, origin, position }: Rows<unknown>,
      index: number,
      port: number,
    ): void => {
      this.#position = position[index]!;
      this.#origin = origin[index]!;
      this.#take(port, body.row(index), keys?.[index] ?? '', at[index]!, heardAt[index]!);
      this.#origin = null;
    },
    time: (now: number, position: number): void => {
      this.#position = position;
      this.#fire(now);
    },
    watermark: (t: number, heardAt: number, position: number): void => {
      this.#position = position;
      if (heardAt === -Infinity) this.#entries.takeUp(t);
      else this.#entries.watermarkTo(t, heardAt, this.#onTimer);
    },
  };

  readonly #ordered = {
    row: (
      { body, keys, at, heardAt, origin, position }: Rows<unknown>,
      index: number,
      port: number,
    ): void => {
      this.#position = position[index]!;
      this.#heardAt = heardAt[index]!;
      const key = keys?.[index] ?? '';
      const row = body.row(index);
      if (at[index]! < origin[index]!) {
        this.#step.count('late', 1);
        this.#lateBuilder.push(row, key, at[index]!, heardAt[index]!, origin[index]!, position[index]!);
        return;
      }
      try {
        this.#waiting!.hold(port, key, at[index]!, row);
      } catch (error) {
        this.#fail(row, this.#heardAt, error);
      }
    },
    time: (): void => undefined,
    watermark: (t: number, heardAt: number, position: number): void => {
      this.#position = position;
      if (heardAt === -Infinity) {
        this.#entries.takeUp(t);
        return;
      }
      this.#heardAt = heardAt;
      for (let held = this.#waiting!.release(t); held !== undefined; held = this.#waiting!.release(t)) {
        this.#fire(held.at);
        this.#take(held.port, held.row, held.key, held.at, held.at);
      }
      this.#fire(t);
      this.#entries.watermarkTo(t, t, this.#onTimer);
    },
  };

  readonly #onTimer = (name: string, context: LooseContext<Out>): void =>
    this.#options.onTimer?.(name, context);

  #take(port: number, row: unknown, key: Key, at: number, now: number): void {
    const { inputs, tables } = this.#settings;
    const input = inputs[port];
    if (input !== undefined) this.#entries.call(key, now, at, row, this.#options.on[input]!);
    else this.#tableRow(tables[port - inputs.length]!, row, now, at);
  }

  /** Log time has come to `now`: timers, and before those of a later time the keys that answer a table's row by then. */
  #fire(now: number): void {
    for (
      let next = this.#reactions.next;
      next !== undefined && next.dueAt <= now;
      next = this.#reactions.next
    ) {
      this.#fireTimers(next.dueAt);
      this.#reactions.goOn(this.#answer(next, next.done, next.dueAt));
    }
    this.#fireTimers(now);
  }

  /**
   * Keys answer a row, from the one at `from` on, until as many as may answer at once have had something to do. Returns
   * how many have had their turn.
   */
  #answer({ table: name, row, at, keys, words }: Reaction, from: number, now: number): number {
    const react = this.#options.onTable?.[name];
    const table = this.#tables.get(name);
    if (react === undefined || table === undefined) return keys.length;
    const until = Math.min(keys.length, from + ASKED_FOR_ONE * this.#keysAtOnce);
    let done = from;
    for (let busy = 0; done < until && busy < this.#keysAtOnce; done += 1) {
      const key = keys[done]!;
      if (table.watches(key, words) && this.#entries.call(key, now, at, row, react)) busy += 1;
    }
    return done;
  }

  #fireTimers(now: number): void {
    this.#entries.fire(now, this.#onTimer);
    for (const table of this.#tables.values()) table.expire(now);
  }

  #tableRow(table: string, came: unknown, now: number, at: number): void {
    let reaction: Reaction;
    try {
      const { row, keys, words } = this.#tables.get(table)!.take(came);
      if (this.#options.onTable?.[table] === undefined) return;
      reaction = { table, row, at, keys: this.#inTurn(table, keys), words };
    } catch (error) {
      this.#fail(came, now, error);
      return;
    }
    const done = this.#reactions.size === 0 ? this.#answer(reaction, 0, now) : 0;
    if (done < reaction.keys.length) this.#reactions.wait(reaction, done, now);
  }

  /** Those that do not all answer at once do so in the order of their urgency. */
  #inTurn(table: string, keys: readonly Key[]): readonly Key[] {
    const urgency = this.#options.urgency?.[table];
    if (urgency === undefined || keys.length <= this.#keysAtOnce) return keys;
    return mostUrgentFirst(keys, (key) => urgency(this.#entries.stateOf(key)));
  }

  #fail(row: unknown, heardAt: number, error: unknown): void {
    const moment = { progress: this.#progress, position: this.#position };
    this.#step.fail({ stage: 'operator', row, heardAt, error, moment });
  }
}
