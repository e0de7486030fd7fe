import { copyOf, type Entries, withEntry, withoutEntry } from '../../domain/entries.ts';
import type { Key } from '../../runtime/item.ts';
import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import { KeyedState, type StateDelta } from '../../runtime/state/keyed-state.ts';
import { TimerWheel } from '../../runtime/state/timer-wheel.ts';
import type { BroadcastTable, TableSpec } from '../broadcast-table.ts';
import type { ProcessContext } from '../keyed-process.ts';

type Tables = Readonly<Record<string, TableSpec<unknown>>>;
type Due = Entries<number>;

interface Entry {
  readonly s: unknown;
  /** Timers by name, of log time and of event time. */
  readonly t: Due;
  readonly e?: Due;
  /** Time of the last row, where keys are forgotten some time after it. */
  readonly u?: number;
}

export interface KeyEntriesOptions<Out> {
  readonly initial: unknown;
  readonly ttlMs: number | null;
  readonly tables: ReadonlyMap<string, BroadcastTable<unknown>>;
  readonly interests: Readonly<Record<string, ((state: unknown) => readonly string[]) | undefined>>;
  readonly emit: (row: Out, key: Key, at: number, now: number) => void;
  readonly fail: (row: unknown, now: number, error: unknown) => void;
}

/** Of each table that a state may be interested in, the words by which it is. */
type Words = readonly (readonly string[])[];
type React<Out> = (row: unknown, context: ProcessContext<unknown, Tables, Out, Key>) => void;
type OnTimer<Out> = (name: string, context: ProcessContext<unknown, Tables, Out, Key>) => void;

const SWEEP_AT_LEAST = 4_096;
/** A timer of our own beside the author's. */
const FORGET = '~ttl';
const NONE: Due = Object.freeze({});
const NO_WORDS: readonly string[] = [];

/**
 * State and timers of the keys of a process. A call is done whole or not at all: where the author's callback throws,
 * no state, timer or output of it stays.
 */
export class KeyEntries<Out> implements Checkpointed {
  readonly #options: KeyEntriesOptions<Out>;
  /** Tables that a state may be interested in, and by which words it is. */
  readonly #interests: readonly {
    readonly table: BroadcastTable<unknown>;
    readonly wordsOf: (state: unknown) => readonly string[];
  }[];
  readonly #entries = new KeyedState<Entry>();
  readonly #timers = new TimerWheel();
  readonly #eventTimers = new TimerWheel();
  #sweepAt = SWEEP_AT_LEAST;
  #watermark = -Infinity;

  // What the call that is under way has done so far.
  #key: Key = '';
  #now = 0;
  #at = 0;
  #state: unknown;
  readonly #due = new Moved();
  readonly #eventDue = new Moved();
  #isKnown = false;
  #isChanged = false;
  #isDropped = false;
  #emitted: Out[] = [];
  readonly #context: ProcessContext<unknown, Tables, Out, Key>;

  constructor(options: KeyEntriesOptions<Out>) {
    this.#options = options;
    this.#interests = [...options.tables].flatMap(([name, table]) => {
      const wordsOf = options.interests[name];
      return wordsOf === undefined ? [] : [{ table, wordsOf }];
    });
    this.#context = this.#newContext();
  }

  get size(): number {
    return this.#entries.size;
  }

  get dirty(): boolean {
    return this.#entries.dirty;
  }

  get watermark(): number {
    return this.#watermark;
  }

  delta(): StateDelta {
    return this.#entries.delta();
  }

  all(): Iterable<StateDelta> {
    return this.#entries.all();
  }

  restore(delta: StateDelta): void {
    this.#entries.restore(delta);
    for (const key of delta.deleted) this.#watch(key);
    for (const [key, entry] of this.#entries.restored(delta)) {
      for (const [name, at] of Object.entries(entry.t)) this.#timers.push({ at, key, name });
      for (const [name, at] of Object.entries(entry.e ?? NONE)) this.#eventTimers.push({ at, key, name });
      this.#watch(key, this.#wordsOf(entry.s));
    }
  }

  /** Fires the timers due up to `now`, each at its own time. */
  fire(now: number, onTimer: OnTimer<Out>): void {
    const { tables } = this.#options;
    for (let due = this.#timers.due(now); due !== undefined; due = this.#timers.due(now)) {
      this.#timers.pop();
      const { at, key, name } = due;
      const entry = this.#entries.get(key);
      if (entry?.t[name] !== at) continue;
      const rest = withoutEntry(entry.t, name);
      if (name === FORGET) {
        this.#forget(key, entry, rest);
        continue;
      }
      this.#entries.set(key, { ...entry, t: rest });
      // A table's row that ended before this timer is gone for it, however late both are noticed.
      for (const table of tables.values()) table.expire(at);
      this.#run(key, at, at, { timer: name }, (_row, context) => onTimer(name, context));
    }
  }

  /** A run begins at this watermark: a timer that was set below it fires when it next rises, as without the restart. */
  takeUp(watermark: number): void {
    this.#watermark = watermark;
  }

  /** The watermark has risen: fires the event timers that it has passed, at log time `now`. */
  watermarkTo(t: number, now: number, onTimer: OnTimer<Out>): void {
    for (let due = this.#eventTimers.due(t); due !== undefined; due = this.#eventTimers.due(t)) {
      this.#eventTimers.pop();
      const { at, key, name } = due;
      const entry = this.#entries.get(key);
      if (entry?.e?.[name] !== at) continue;
      const rest = withoutEntry(entry.e, name);
      this.#entries.set(key, { ...entry, e: rest });
      this.#run(key, now, at, { timer: name }, (_row, context) => onTimer(name, context));
    }
    this.#watermark = t;
  }

  /** What a key holds; the initial state where it is not known. */
  stateOf(key: Key): unknown {
    const entry = this.#entries.get(key);
    return entry === undefined ? this.#options.initial : entry.s;
  }

  /** Lets a callback answer a row of a key. Returns whether there was anything to do for it. */
  call(key: Key, now: number, at: number, row: unknown, react: React<Out>): boolean {
    const isBusy = this.#run(key, now, at, row, react);
    const { ttlMs } = this.#options;
    const entry = ttlMs === null ? undefined : this.#entries.get(key);
    if (ttlMs === null || entry === undefined) return isBusy;
    // One timer a key, set anew only when it has fired: moving it with every row would fill the queue.
    if (entry.t[FORGET] !== undefined) this.#entries.set(key, { ...entry, u: now });
    else {
      this.#entries.set(key, { ...entry, u: now, t: withEntry(entry.t, FORGET, now + ttlMs) });
      this.#timers.push({ at: now + ttlMs, key, name: FORGET });
    }
    return true;
  }

  #forget(key: Key, entry: Entry, rest: Due): void {
    const until = entry.u! + this.#options.ttlMs!;
    if (until > entry.t[FORGET]!) {
      this.#entries.set(key, { ...entry, t: withEntry(rest, FORGET, until) });
      this.#timers.push({ at: until, key, name: FORGET });
      return;
    }
    this.#entries.delete(key);
    this.#watch(key);
  }

  #run(key: Key, now: number, at: number, row: unknown, react: React<Out>): boolean {
    const { initial, emit, fail } = this.#options;
    const before = this.#entries.get(key);
    this.#key = key;
    this.#now = now;
    this.#at = at;
    this.#state = before === undefined ? initial : before.s;
    this.#due.begin(before?.t ?? NONE);
    this.#eventDue.begin(before?.e ?? NONE);
    this.#isKnown = before !== undefined;
    this.#isChanged = false;
    this.#isDropped = false;
    this.#emitted = [];
    let words: Words | undefined;
    try {
      react(row, this.#context);
      const isNew = this.#isChanged && !this.#isDropped && (before === undefined || before.s !== this.#state);
      if (isNew && this.#interests.length > 0) words = this.#wordsOf(this.#state);
    } catch (error) {
      fail(row, now, error);
      return true;
    }
    if (this.#isDropped) {
      this.#entries.delete(key);
      this.#watch(key);
    } else if (this.#isChanged) {
      this.#keep(key, before);
      if (words !== undefined) this.#watch(key, words);
    }
    for (const out of this.#emitted) emit(out, key, at, now);
    return this.#isChanged || this.#isDropped || this.#emitted.length > 0;
  }

  #keep(key: Key, before: Entry | undefined): void {
    const [due, eventDue] = [this.#due.now, this.#eventDue.now];
    // Without spreads, which cost more than all the rest.
    const entry: { -readonly [K in keyof Entry]: Entry[K] } = { s: this.#state, t: due };
    if (eventDue !== NONE) entry.e = eventDue;
    if (before?.u !== undefined) entry.u = before.u;
    this.#entries.set(key, entry);
    push(this.#timers, key, this.#due, before?.t);
    push(this.#eventTimers, key, this.#eventDue, before?.e);
    if (this.#timers.size + this.#eventTimers.size > this.#sweepAt) this.#sweep();
  }

  /** Timers that were moved stay in the queue until their time; past twice the live ones they are swept out. */
  #sweep(): void {
    this.#timers.keep(({ at, key, name }) => this.#entries.get(key)?.t[name] === at);
    this.#eventTimers.keep(({ at, key, name }) => this.#entries.get(key)?.e?.[name] === at);
    this.#sweepAt = Math.max(SWEEP_AT_LEAST, 2 * (this.#timers.size + this.#eventTimers.size));
  }

  #wordsOf(state: unknown): Words {
    return this.#interests.map(({ wordsOf }) => wordsOf(state));
  }

  /** From now on the key hears of the rows with these words; without any, of none. */
  #watch(key: Key, words?: Words): void {
    for (let at = 0; at < this.#interests.length; at++)
      this.#interests[at]!.table.watch(key, words?.[at] ?? NO_WORDS);
  }

  #newContext(): ProcessContext<unknown, Tables, Out, Key> {
    // oxlint-disable-next-line no-this-alias -- getters of the context read the call that is under way
    const run = this;
    const { tables, interests } = this.#options;
    return {
      get key() {
        return run.#key;
      },
      get now() {
        return run.#now;
      },
      get at() {
        return run.#at;
      },
      get watermark() {
        return run.#watermark;
      },
      get state() {
        return run.#state;
      },
      set: (next) => {
        // To set what it has is no change; it makes a key that there was none of, though, or that was dropped.
        if (next === this.#state && this.#isKnown && !this.#isDropped) return;
        this.#state = next;
        this.#isChanged = true;
        this.#isDropped = false;
      },
      drop: () => {
        this.#state = this.#options.initial;
        this.#due.begin(NONE);
        this.#eventDue.begin(NONE);
        this.#isDropped = true;
      },
      emit: (out) => this.#emitted.push(out),
      timer: (name, wanted) => {
        // What a timer makes carries its time, and time never goes back along a flow.
        if (!this.#due.move(name, wanted, this.#now)) return;
        this.#isChanged = true;
        this.#isDropped = false;
      },
      eventTimer: (name, wanted) => {
        if (!this.#eventDue.move(name, wanted, this.#watermark)) return;
        this.#isChanged = true;
        this.#isDropped = false;
      },
      lookup: (table, rowKey) => tables.get(table)!.get(rowKey) as never,
      matching: (table) => tables.get(table)!.find(interests[table]?.(this.#state) ?? []) as never,
      find: (table, words) => tables.get(table)!.find(words) as never,
    };
  }
}

/** Timers of one call: copied once, when the first of them moves, so that what stood before can be kept. */
class Moved {
  #due: Due = NONE;
  #own: Record<string, number> | null = null;
  readonly #names: string[] = [];

  get now(): Due {
    return this.#due;
  }

  /** Those that were set, moved or taken back. */
  get names(): readonly string[] {
    return this.#names;
  }

  begin(due: Due): void {
    this.#due = due;
    this.#own = null;
    this.#names.length = 0;
  }

  /** False when nothing changes by it. A time before `earliest` means: at `earliest`, at once. */
  move(name: string, wanted: number | null, earliest: number): boolean {
    if (Number.isNaN(wanted)) throw new RangeError(`timer "${name}" is set to no time`);
    const at = wanted === null ? undefined : Math.max(wanted, earliest);
    if (at === this.#due[name]) return false;
    if (at === undefined) this.#own = withoutEntry(this.#due, name) as Record<string, number>;
    else {
      this.#own ??= copyOf(this.#due);
      this.#own[name] = at;
    }
    this.#due = this.#own;
    if (!this.#names.includes(name)) this.#names.push(name);
    return true;
  }
}

const push = (queue: TimerWheel, key: Key, { now, names }: Moved, before: Due = NONE): void => {
  for (const name of names) {
    const at = now[name];
    if (at !== undefined && before[name] !== at) queue.push({ at, key, name });
  }
};
