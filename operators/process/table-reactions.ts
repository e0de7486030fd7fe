import type { Key } from '../../runtime/item.ts';
import { KeyedState, type StateDelta } from '../../runtime/state/keyed-state.ts';

/** From one share to the next: the least by which two log times differ. */
const STEP_MS = 1 / 1024;

/** A table's row, and the keys that are to answer it. */
export interface Reaction {
  readonly table: string;
  readonly row: unknown;
  /** Event time of the row. */
  readonly at: number;
  readonly keys: readonly Key[];
  /** By which they were found: a key that watches none of them any more has nothing to answer. */
  readonly words: readonly string[];
}

/** One that some keys have not answered yet. */
interface Waiting extends Reaction {
  /** How many of its keys have had their turn. */
  readonly done: number;
  /** Log time at which the next of them have theirs. */
  readonly dueAt: number;
}

/**
 * One row of a table may be for a hundred thousand keys. They answer it by shares, each a step of log time after the one
 * before, so that there is room between them for barriers and for everybody else. Shares of 2, a row at 10 for keys a to
 * e: a and b at 10, c and d at 10.001, e at 10.002. What comes while some wait has all of its keys wait behind them.
 * Part of the checkpoint; bounded by rows × keys that wait.
 */
export class TableReactions extends KeyedState<Waiting> {
  #sequence = 0;

  /** Log time of the next share; Infinity where none waits. */
  get dueAt(): number {
    return this.next?.dueAt ?? Infinity;
  }

  /** The one whose share is next. */
  get next(): Waiting | undefined {
    return this.size === 0 ? undefined : this.#first![1];
  }

  /** Keys that did not answer at `now`, `done` of them having done so, have their turn after all that waits. */
  wait(reaction: Reaction, done: number, now: number): void {
    this.set(this.#sequence, { ...reaction, done, dueAt: now + STEP_MS });
    this.#sequence += 1;
  }

  /** Of the next one so many keys have had their turn by now. */
  goOn(done: number): void {
    const [sequence, waiting] = this.#first!;
    const dueAt = waiting.dueAt + STEP_MS;
    if (done < waiting.keys.length) {
      this.set(sequence, { ...waiting, done, dueAt });
      return;
    }
    this.delete(sequence);
    const next = this.#first;
    if (next !== undefined) this.set(next[0], { ...next[1], dueAt: Math.max(next[1].dueAt, dueAt) });
  }

  override restore(delta: StateDelta): void {
    super.restore(delta);
    for (const [sequence] of this.entries())
      this.#sequence = Math.max(this.#sequence, (sequence as number) + 1);
  }

  get #first(): [Key, Waiting] | undefined {
    const { value } = this.entries().next() as IteratorResult<[Key, Waiting], undefined>;
    return value;
  }
}
