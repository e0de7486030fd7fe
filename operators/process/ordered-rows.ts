import type { Key } from '../../runtime/item.ts';
import { Heap } from '../../runtime/state/heap.ts';
import { KeyedState, type StateDelta } from '../../runtime/state/keyed-state.ts';

/** A row that waits for the watermark. */
export interface HeldRow {
  readonly seq: number;
  readonly port: number;
  readonly key: Key;
  readonly at: number;
  readonly row: unknown;
}

const before = (a: HeldRow, b: HeldRow): boolean => {
  if (a.at !== b.at) return a.at < b.at;
  if (a.key !== b.key) return a.key < b.key;
  return a.port !== b.port ? a.port < b.port : a.seq < b.seq;
};

/**
 * Rows that wait until no earlier one can come, and leave in the order (event time, key, input, order of the log).
 * watermark 4: rows at 7, 5 and 6 wait; watermark 7 → 5, 6; the one at 7 waits on, another at 7 may still come.
 * Part of the checkpoint; bounded by `most`.
 */
export class OrderedRows extends KeyedState<HeldRow> {
  readonly #heap = new Heap<HeldRow>(before);
  readonly #most: number;
  #seq = 0;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  hold(port: number, key: Key, at: number, row: unknown): void {
    if (this.size >= this.#most)
      throw new RangeError(`${this.size} rows wait for the watermark; no more are kept`);
    const held: HeldRow = { seq: this.#seq, port, key, at, row };
    this.#seq += 1;
    this.#heap.push(held);
    this.set(held.seq, held);
  }

  /** The first row that lies before `t`, which waits no longer. */
  release(t: number): HeldRow | undefined {
    const first = this.#heap.first;
    if (first === undefined || first.at >= t) return undefined;
    this.#heap.pop();
    this.delete(first.seq);
    return first;
  }

  override restore(delta: StateDelta): void {
    super.restore(delta);
    const gone = new Set(delta.deleted);
    if (gone.size > 0) this.#heap.filter((held) => !gone.has(held.seq));
    for (const [, held] of this.restored(delta)) {
      this.#heap.push(held);
      this.#seq = Math.max(this.#seq, held.seq + 1);
    }
  }
}
