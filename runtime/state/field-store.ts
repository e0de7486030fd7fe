import type { Checkpointed } from './checkpointed.ts';
import { DenseIds, type DenseIdsPart } from './dense-ids.ts';
import { powerOfTwo } from './grown.ts';
import type { ObjectCodec } from './pane-table.ts';

/** Rows that joins and buffers keep, each at a slot that is given again once it was freed. */
export interface RowStore<R> extends Checkpointed {
  append(row: R): number;
  read(slot: number): R;
  free(slot: number): void;
}

/** Rows at their slots. */
export interface RowsPart<R> {
  readonly ids: DenseIdsPart;
  readonly slots: Int32Array;
  readonly rows: R;
}

/** Slots in a part of all. */
const PART = 65_536;

/** The parts of all: live slots of one range each, with their rows, and the free slots of the same range of the stack. */
const partsOf = function* <R>(ids: DenseIdsPart, rowsOf: (slots: Int32Array) => R): Iterable<RowsPart<R>> {
  const dead = new Uint8Array(ids.capacity);
  for (const slot of ids.free) dead[slot] = 1;
  for (let from = 0; from === 0 || from < ids.capacity; from += PART) {
    const slots = Int32Array.from(
      { length: Math.min(PART, ids.capacity - from) },
      (_, at) => from + at,
    ).filter((slot) => dead[slot] === 0);
    const depth = Math.min(from, ids.free.length);
    const part = { capacity: ids.capacity, depth, free: ids.free.slice(depth, from + PART) };
    yield { ids: part, slots, rows: rowsOf(slots) };
  }
};

const gather = (cells: Float64Array, width: number, slots: Int32Array): Float64Array => {
  const rows = new Float64Array(slots.length * width);
  for (let at = 0; at < slots.length; at += 1) {
    const start = slots[at]! * width;
    for (let cell = 0; cell < width; cell += 1) rows[at * width + cell] = cells[start + cell]!;
  }
  return rows;
};

/** Rows of `width` numbers in one buffer. */
export class NumberRows implements RowStore<ArrayLike<number>> {
  readonly width: number;
  readonly #ids = new DenseIds();
  #cells: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.#cells = new Float64Array(16 * width);
  }

  get size(): number {
    return this.#ids.size;
  }

  get dirty(): boolean {
    return this.#ids.dirty;
  }

  /** Fields by slot: `cells[slot * width + field]`. The buffer is replaced when it grows: read it after `append`. */
  get cells(): Float64Array {
    return this.#cells;
  }

  append(row: ArrayLike<number>): number {
    const slot = this.#ids.take();
    this.#reach(slot + 1);
    const start = slot * this.width;
    for (let cell = 0; cell < this.width; cell += 1) this.#cells[start + cell] = row[cell]!;
    return slot;
  }

  /** A copy; hot loops read `cells`. */
  read(slot: number): Float64Array {
    return this.#cells.slice(slot * this.width, (slot + 1) * this.width);
  }

  free(slot: number): void {
    this.#ids.give(slot);
  }

  delta(): RowsPart<Float64Array> {
    const slots = this.#ids.changed().filter((slot) => this.#ids.isLive(slot));
    return { ids: this.#ids.delta(), slots, rows: gather(this.#cells, this.width, slots) };
  }

  all(): Iterable<RowsPart<Float64Array>> {
    const cells = this.#cells.slice(0, this.#ids.capacity * this.width);
    const ids = this.#ids.all();
    return {
      [Symbol.iterator]: () => partsOf(ids, (slots) => gather(cells, this.width, slots))[Symbol.iterator](),
    };
  }

  restore({ ids, slots, rows }: RowsPart<Float64Array>): void {
    this.#ids.restore(ids);
    this.#reach(ids.capacity);
    for (let at = 0; at < slots.length; at += 1) {
      this.#cells.set(rows.subarray(at * this.width, (at + 1) * this.width), slots[at]! * this.width);
    }
  }

  #reach(slots: number): void {
    if (slots * this.width <= this.#cells.length) return;
    const cells = new Float64Array(powerOfTwo(slots) * this.width);
    cells.set(this.#cells);
    this.#cells = cells;
  }
}

/** Rows of any shape, which must not be changed once they are in it. Slow beside `NumberRows` in the checkpoint. */
export class ObjectRows<R> implements RowStore<R> {
  readonly #ids = new DenseIds();
  readonly #codec: ObjectCodec<R>;
  readonly #rows: (R | undefined)[] = [];

  constructor(codec: ObjectCodec<R>) {
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

  delta(): RowsPart<readonly unknown[]> {
    const slots = this.#ids.changed().filter((slot) => this.#ids.isLive(slot));
    return { ids: this.#ids.delta(), slots, rows: this.#encoded(this.#rows, slots) };
  }

  all(): Iterable<RowsPart<readonly unknown[]>> {
    const rows = this.#rows.slice();
    const ids = this.#ids.all();
    return {
      [Symbol.iterator]: () => partsOf(ids, (slots) => this.#encoded(rows, slots))[Symbol.iterator](),
    };
  }

  restore({ ids, slots, rows }: RowsPart<readonly unknown[]>): void {
    this.#ids.restore(ids);
    while (this.#rows.length < ids.capacity) this.#rows.push(undefined);
    for (const slot of ids.free) this.#rows[slot] = undefined;
    for (let at = 0; at < slots.length; at += 1) this.#rows[slots[at]!] = this.#codec.decode(rows[at]);
  }

  #encoded(rows: readonly (R | undefined)[], slots: Int32Array): readonly unknown[] {
    return Array.from(slots, (slot) => this.#codec.encode(rows[slot]!));
  }
}
