import type { Flow } from '../runtime/flow.ts';
import type { Key } from '../runtime/item.ts';
import { KeyedState, type StateDelta } from '../runtime/state/keyed-state.ts';
import { TimerWheel } from '../runtime/state/timer-wheel.ts';

/** A small stream that every task reads whole and keeps as a table: the latest row of each key. */
export interface TableSpec<T> {
  readonly flow: Pick<Flow<T>, 'graph' | 'node'>;
  key(row: T): string;
  /** Words by which keys find the row: its zones, its customer, its port. */
  matches(row: T): readonly string[];
  /** Log time after which the row is forgotten; Infinity for never. */
  until(row: T): number;
  /** Row that is kept after one has come; left out, the one that came. */
  fold?(before: T | undefined, came: unknown): T;
  /** Key of the kept row that a row belongs to, where rows that are kept tell it; left out, its own. */
  belongsTo?(came: unknown, find: (words: readonly string[]) => readonly T[]): string;
}

export const table = <T>(
  flow: Flow<T>,
  options: {
    readonly key: (row: T) => string;
    readonly matches?: (row: T) => readonly string[];
    readonly until?: (row: T) => number;
  },
): TableSpec<T> => ({
  flow,
  key: options.key,
  matches: options.matches ?? ((row) => [options.key(row)]),
  until: options.until ?? (() => Infinity),
});

/**
 * The same of rows that each say a part only: what is kept of a key is what they amount to together. `fold` gives a new
 * row and changes none: alerts for zone A, then for zone B → one hazard in A and B. `belongsTo` finds the kept row of a
 * row that does not know its key, by words of `matches`.
 */
export const foldedTable = <In, T>(
  flow: Flow<In>,
  options: {
    readonly key: (row: T) => string;
    readonly belongsTo: (came: In, find: (words: readonly string[]) => readonly T[]) => string;
    readonly fold: (before: T | undefined, came: In) => T;
    readonly matches: (row: T) => readonly string[];
    readonly until: (row: T) => number;
  },
): TableSpec<T> => ({
  flow: { graph: flow.graph, node: flow.node },
  key: options.key,
  matches: options.matches,
  until: options.until,
  fold: (before, came) => options.fold(before, came as In),
  belongsTo: (came, find) => options.belongsTo(came as In, find),
});

/** The table in one task, with two indexes over the same words: word → rows, and word → the keys that watch it. */
export class BroadcastTable<T> {
  readonly rows: KeyedState<T>;
  readonly #spec: TableSpec<T>;
  readonly #byWord = new Map<string, Set<string>>();
  readonly #watchers = new Map<string, Set<Key>>();
  readonly #watched = new Map<Key, readonly string[]>();
  /** What `find` found by one word since a row last came or went: one row may make a hundred thousand keys ask. */
  readonly #found = new Map<string, readonly T[]>();
  readonly #ends = new TimerWheel();

  constructor(spec: TableSpec<T>) {
    this.#spec = spec;
    this.rows = new IndexedState<T>(
      (row) => this.#admit(row, spec.until(row)),
      (row) => this.#forget(row),
    );
  }

  get(key: string): T | undefined {
    return this.rows.get(key);
  }

  /** Puts a row in and returns the keys that watch it, or watched what it was before, sorted. */
  put(came: T): readonly Key[] {
    return this.take(came).keys;
  }

  /** The same, with the row as it is kept and the words by which they are watched. */
  take(came: T): { readonly keys: readonly Key[]; readonly row: T; readonly words: readonly string[] } {
    const key = this.#spec.belongsTo?.(came, (words) => this.find(words)) ?? this.#spec.key(came);
    const before = this.rows.get(key);
    const row = this.#spec.fold === undefined ? came : this.#spec.fold(before, came);
    const until = this.#spec.until(row);
    const touched = new Set([
      ...this.#spec.matches(row),
      ...(before === undefined ? [] : this.#spec.matches(before)),
    ]);
    if (before !== undefined) this.#forget(before);
    this.rows.set(key, row);
    this.#admit(row, until);
    const keys = new Set<Key>();
    for (const word of touched) for (const watcher of this.#watchers.get(word) ?? []) keys.add(watcher);
    return { keys: [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)), row, words: [...touched] };
  }

  /** Whether the key is interested in one of the words now. */
  watches(key: Key, words: readonly string[]): boolean {
    return this.#watched.get(key)?.some((word) => words.includes(word)) ?? false;
  }

  /** From now on `key` is interested in these words, and no others. */
  watch(key: Key, words: readonly string[]): void {
    const before = this.#watched.get(key) ?? [];
    if (before.length === words.length && before.every((word, index) => word === words[index])) return;
    for (const word of before) {
      const keys = this.#watchers.get(word);
      keys?.delete(key);
      if (keys?.size === 0) this.#watchers.delete(word);
    }
    if (words.length === 0) this.#watched.delete(key);
    else this.#watched.set(key, words);
    for (const word of words) {
      const keys = this.#watchers.get(word);
      if (keys === undefined) this.#watchers.set(word, new Set([key]));
      else keys.add(key);
    }
  }

  /** The rows that one of these words finds, in the order of their own keys. */
  find(words: readonly string[]): readonly T[] {
    const [first, second] = words;
    if (first === undefined) return [];
    if (second !== undefined) return this.#findAll(words);
    let found = this.#found.get(first);
    if (found === undefined && this.#byWord.has(first))
      this.#found.set(first, (found = this.#findAll(words)));
    return found ?? [];
  }

  #findAll(words: readonly string[]): readonly T[] {
    const found = new Set<string>();
    for (const word of words) for (const row of this.#byWord.get(word) ?? []) found.add(row);
    return [...found].sort().map((row) => this.rows.get(row)!);
  }

  expire(now: number): void {
    for (let due = this.#ends.due(now); due !== undefined; due = this.#ends.due(now)) {
      this.#ends.pop();
      const row = this.rows.get(due.key);
      if (row === undefined || this.#spec.until(row) > now) continue;
      this.#forget(row);
      this.rows.delete(due.key);
    }
  }

  #forget(row: T): void {
    this.#found.clear();
    const key = this.#spec.key(row);
    for (const word of this.#spec.matches(row)) {
      const rows = this.#byWord.get(word);
      rows?.delete(key);
      if (rows?.size === 0) this.#byWord.delete(word);
    }
  }

  #admit(row: T, until: number): void {
    this.#found.clear();
    const key = this.#spec.key(row);
    for (const word of this.#spec.matches(row)) {
      const rows = this.#byWord.get(word);
      if (rows === undefined) this.#byWord.set(word, new Set([key]));
      else rows.add(key);
    }
    if (until !== Infinity) this.#ends.push({ at: until, key, name: '' });
  }
}

/** Keeps the index right while the rows come back from a checkpoint. */
class IndexedState<T> extends KeyedState<T> {
  readonly #admit: (row: T) => void;
  readonly #forget: (row: T) => void;

  constructor(admit: (row: T) => void, forget: (row: T) => void) {
    super();
    this.#admit = admit;
    this.#forget = forget;
  }

  override restore(delta: StateDelta): void {
    const { set, changed = [], deleted } = delta;
    for (const key of [...set.map(([name]) => name), ...changed.map(([name]) => name), ...deleted]) {
      const before = this.get(key);
      if (before !== undefined) this.#forget(before);
    }
    super.restore(delta);
    for (const [, row] of this.restored(delta)) this.#admit(row);
  }
}
