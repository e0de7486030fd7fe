import type { Key } from '../../runtime/item.ts';
import { KeyedState, type StateDelta } from '../../runtime/state/keyed-state.ts';

/** From one share to the next: the least by which two log times differ. */
const STEP_MS = 1 / 1024;

/** A table's row that some keys have not answered yet. */
interface Reaction {
  readonly table: string;
  readonly row: unknown;
  /** Event time of the row. */
  readonly at: number;
  readonly keys: readonly Key[];
  /** By which they were found. */
  readonly words: readonly string[];
  /** How many of them have answered. */
  readonly done: number;
  /** Log time at which the next of them do. */
  readonly dueAt: number;
}

/** Keys that answer a table's row at one moment. */
export interface Share {
  readonly table: string;
  readonly row: unknown;
  readonly at: number;
  readonly now: number;
  readonly keys: readonly Key[];
  /** A key that watches none of them any more has nothing to answer. */
  readonly words: readonly string[];
}

/** A row as the table keeps it, the keys that watch it, and the words by which they do. */
export interface Watched {
  readonly row: unknown;
  readonly keys: readonly Key[];
  readonly words: readonly string[];
}

/**
 * One row of a table may be for a hundred thousand keys. They answer it by shares, each a step of log time after the one
 * before, so that there is room between them for barriers and for everybody else. Shares of 2, a row at 10 for keys a to
 * e: a and b at 10, c and d at 10.001, e at 10.002. What comes while some wait has all of its keys wait behind them.
 * Part of the checkpoint; bounded by rows × keys that wait.
 */
export class TableReactions extends KeyedState<Reaction> {
  readonly #atOnce: number;
  #sequence = 0;

  constructor(atOnce: number) {
    super();
    this.#atOnce = atOnce;
  }

  /** Log time of the next share; Infinity where none waits. */
  get dueAt(): number {
    return this.size === 0 ? Infinity : this.#first![1].dueAt;
  }

  /** A row has come for these keys. Answers which of them are to answer now. */
  begin(table: string, at: number, now: number, { row, keys, words }: Watched): readonly Key[] {
    const done = this.size === 0 ? Math.min(this.#atOnce, keys.length) : 0;
    if (done < keys.length) {
      this.set(this.#sequence, { table, row, at, keys, words, done, dueAt: now + STEP_MS });
      this.#sequence += 1;
    }
    return keys.slice(0, done);
  }

  /** The share that is due next, which waits no more. */
  take(): Share | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    const [sequence, reaction] = first;
    const { table, row, at, keys, words, done, dueAt: now } = reaction;
    const until = Math.min(done + this.#atOnce, keys.length);
    const dueAt = now + STEP_MS;
    if (until < keys.length) this.set(sequence, { table, row, at, keys, words, done: until, dueAt });
    else {
      this.delete(sequence);
      const next = this.#first;
      if (next !== undefined) this.set(next[0], { ...next[1], dueAt: Math.max(next[1].dueAt, dueAt) });
    }
    return { table, row, at, now, words, keys: keys.slice(done, until) };
  }

  override restore(delta: StateDelta): void {
    super.restore(delta);
    for (const [sequence] of this.entries())
      this.#sequence = Math.max(this.#sequence, (sequence as number) + 1);
  }

  get #first(): [Key, Reaction] | undefined {
    const { value } = this.entries().next() as IteratorResult<[Key, Reaction], undefined>;
    return value;
  }
}
