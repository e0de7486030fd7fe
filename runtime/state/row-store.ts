import type { Checkpointed } from './checkpointed.ts';
import { DenseIds, type DenseIdsPart } from './dense-ids.ts';

/** Rows at their slots. */
export interface RowsPart<R> {
  readonly ids: DenseIdsPart;
  readonly slots: Int32Array;
  readonly rows: R;
}

/** Turns rows into plain data for the checkpoint, many at a time, and back. */
export interface RowsCodec<R> {
  readonly encode: (rows: readonly R[]) => unknown;
  readonly decode: (plain: unknown) => readonly R[];
}

/** Slots in a part of all: so many rows are turned into bytes at once. */
const ROWS_A_PART = 8_192;

/** The parts of all: live slots of one range each, with their rows, and the free slots of the same range of the stack. */
const partsOf = function* <R>(
  ids: DenseIdsPart,
  size: number,
  rowsOf: (slots: Int32Array) => R,
): Iterable<RowsPart<R>> {
  const dead = new Uint8Array(ids.capacity);
  for (const slot of ids.free) dead[slot] = 1;
  for (let from = 0; from === 0 || from < ids.capacity; from += size) {
    const slots = Int32Array.from(
      { length: Math.min(size, ids.capacity - from) },
      (_, at) => from + at,
    ).filter((slot) => dead[slot] === 0);
    const depth = Math.min(from, ids.free.length);
    const part = { capacity: ids.capacity, depth, free: ids.free.slice(depth, from + size) };
    yield { ids: part, slots, rows: rowsOf(slots) };
  }
};

/**
 * Rows that a join keeps, of any shape, each at a slot that is given again once it was freed. A row must not be changed
 * once it is in it.
 */
export class RowStore<R> implements Checkpointed {
  readonly #ids = new DenseIds();
  readonly #codec: RowsCodec<R>;
  readonly #rows: (R | undefined)[] = [];

  constructor(codec: RowsCodec<R>) {
    this.#codec = codec;
  }

  get size(): number {
    return this.#ids.size;
  }

  get dirty(): boolean {
    return this.#ids.dirty;
  }

  append(row: R): number {
    const slot = this.#ids.take();
    this.#rows[slot] = row;
    return slot;
  }

  read(slot: number): R {
    return this.#rows[slot]!;
  }

  free(slot: number): void {
    this.#rows[slot] = undefined;
    this.#ids.give(slot);
  }

  delta(): RowsPart<unknown> {
    const slots = this.#ids.changed().filter((slot) => this.#ids.isLive(slot));
    return { ids: this.#ids.delta(), slots, rows: this.#encoded(this.#rows, slots) };
  }

  all(): Iterable<RowsPart<unknown>> {
    const rows = this.#rows.slice();
    const ids = this.#ids.all();
    return {
      [Symbol.iterator]: () =>
        partsOf(ids, ROWS_A_PART, (slots) => this.#encoded(rows, slots))[Symbol.iterator](),
    };
  }

  restore({ ids, slots, rows: plain }: RowsPart<unknown>): void {
    this.#ids.restore(ids);
    while (this.#rows.length < ids.capacity) this.#rows.push(undefined);
    for (const slot of ids.free) this.#rows[slot] = undefined;
    const rows = this.#codec.decode(plain);
    for (let at = 0; at < slots.length; at += 1) this.#rows[slots[at]!] = rows[at];
  }

  #encoded(rows: readonly (R | undefined)[], slots: Int32Array): unknown {
    return this.#codec.encode(Array.from(slots, (slot) => rows[slot]!));
  }
}
