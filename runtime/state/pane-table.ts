import { ForewarnError } from '../forewarn-error.ts';
import type { Checkpointed } from './checkpointed.ts';
import { DirtyBits } from './dirty-bits.ts';
import { grownInts } from './grown.ts';

/** Turns the object of a slot into plain data for the checkpoint, and back. Neither may keep what it was given. */
export interface ObjectCodec<S> {
  readonly encode: (state: S) => unknown;
  readonly decode: (plain: unknown) => S;
}

/** The slots `[from; to)`: where all that lie together are written, nobody needs a list of them. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
}

/** Records by slot; `cleared` when the pane was emptied before they were written. */
export interface PanePart {
  readonly cleared: boolean;
  readonly slots: Int32Array | SlotRange;
  readonly keys: Int32Array;
  /** `width` numbers a slot. */
  readonly cells: Float64Array;
  readonly objects?: readonly unknown[];
}

/** Slots in a part of all. */
const PART = 65_536;

/**
 * One pane of a window: key id → slot, numbered in order of arrival, with `width` numbers in one buffer and, if asked
 * for, one object. Key ids 7, 3, 7 with width 2 have their records at cells 0, 2, 0: two slots, `keys` 7, 3.
 */
export class PaneTable<S = unknown> implements Checkpointed {
  readonly width: number;
  readonly #codec: ObjectCodec<S> | undefined;
  #shift = 28;
  /** Pairs of key id + 1, 0 where it is empty, and slot. */
  #table = new Int32Array(32);
  #size = 0;
  #keys: Int32Array = new Int32Array(8);
  #cells: Float64Array;
  readonly #objects: S[] = [];
  readonly #changed = new DirtyBits();
  #cleared = false;

  constructor(options: { readonly width: number; readonly objects?: ObjectCodec<S> }) {
    this.width = options.width;
    this.#codec = options.objects;
    this.#cells = new Float64Array(8 * options.width);
  }

  /** Slots in use. */
  get size(): number {
    return this.#size;
  }

  /** Records by slot: `cells[slot * width + field]`. The buffer is replaced when it grows: read it after `slots`. */
  get cells(): Float64Array {
    return this.#cells;
  }

  /** Key ids by slot; replaced when it grows, as `cells` is. */
  get keys(): Int32Array {
    return this.#keys;
  }

  /** Objects by slot, for the caller to set where a slot is new and to change in place where `slots` was called. */
  get objects(): S[] {
    return this.#objects;
  }

  get dirty(): boolean {
    return this.#cleared || this.#changed.any;
  }

  /** The key's slot, or -1; it does not count as a change. */
  find(key: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = this.#home(key); ; at = (at + 2) & mask) {
      const held = table[at]!;
      if (held === key + 1) return table[at + 1]!;
      if (held === 0) return -1;
    }
  }

  /**
   * Writes the start of the record (slot × width) of each of `keys[from] … keys[to - 1]` to the same place of `into`,
   * and marks the records as changed. Answers the first slot that is new: the records from there to `size` are all 0,
   * and the caller's to begin.
   */
  slots(keys: ArrayLike<number>, from: number, to: number, into: Int32Array): number {
    const fresh = this.#size;
    const width = this.width;
    const words = this.#changed.marking(fresh + to - from);
    let table = this.#table;
    let mask = table.length - 1;
    let shift = this.#shift;
    for (let row = from; row < to; row += 1) {
      const key = keys[row]!;
      let at = (Math.imul(key, 0x9e3779b1) >>> shift) << 1;
      let held = table[at]!;
      while (held !== key + 1 && held !== 0) {
        at = (at + 2) & mask;
        held = table[at]!;
      }
      let slot = table[at + 1]!;
      if (held === 0) {
        slot = this.#make(key, at);
        table = this.#table;
        mask = table.length - 1;
        shift = this.#shift;
      }
      words[slot >>> 5]! |= 1 << slot;
      into[row] = slot * width;
    }
    return fresh;
  }

  /** Marks records, given by their starts `records[from] … records[to - 1]`, as changed. */
  touch(records: Int32Array, from: number, to: number): void {
    const words = this.#changed.marking(this.#size);
    for (let at = from; at < to; at += 1) {
      const slot = (records[at]! / this.width) | 0;
      words[slot >>> 5]! |= 1 << slot;
    }
  }

  /** Empties it for another use and keeps its buffers. */
  reset(): void {
    this.#table.fill(0);
    this.#cells.fill(0, 0, this.#size * this.width);
    this.#objects.length = 0;
    this.#size = 0;
    this.#changed.clear();
    this.#cleared = true;
  }

  delta(): PanePart {
    const cleared = this.#cleared;
    this.#cleared = false;
    const slots = this.#changed.take();
    const width = this.width;
    // Where most of it changed, all of it is copied faster than what changed is picked out.
    if (this.#codec === undefined && slots.length * 2 > this.#size) {
      return {
        cleared,
        slots: { from: 0, to: this.#size },
        keys: this.#keys.slice(0, this.#size),
        cells: this.#cells.slice(0, this.#size * width),
      };
    }
    const keys = new Int32Array(slots.length);
    const cells = new Float64Array(slots.length * width);
    for (let at = 0; at < slots.length; at += 1) {
      const slot = slots[at]!;
      keys[at] = this.#keys[slot]!;
      for (let cell = 0; cell < width; cell += 1)
        cells[at * width + cell] = this.#cells[slot * width + cell]!;
    }
    const codec = this.#codec;
    if (codec === undefined) return { cleared, slots, keys, cells };
    return {
      cleared,
      slots,
      keys,
      cells,
      objects: Array.from(slots, (slot) => codec.encode(this.#objects[slot]!)),
    };
  }

  all(): Iterable<PanePart> {
    const width = this.width;
    const size = this.#size;
    const keys = this.#keys.slice(0, size);
    const cells = this.#cells.slice(0, size * width);
    const codec = this.#codec;
    const objects = codec && this.#objects.map((state) => codec.encode(state));
    return {
      *[Symbol.iterator]() {
        for (let from = 0; from < size; from += PART) {
          const to = Math.min(size, from + PART);
          const part = {
            cleared: from === 0,
            slots: { from, to },
            keys: keys.slice(from, to),
            cells: cells.slice(from * width, to * width),
          };
          yield objects === undefined ? part : { ...part, objects: objects.slice(from, to) };
        }
      },
    };
  }

  restore({ cleared, slots, keys, cells, objects }: PanePart): void {
    const width = this.width;
    const listed = slots instanceof Int32Array ? slots : null;
    const first = slots instanceof Int32Array ? 0 : slots.from;
    if (cells.length !== keys.length * width) {
      throw new ForewarnError(
        'FW105',
        `checkpoint has records of ${cells.length / keys.length} numbers, this version reads ${width}; start the version that wrote it`,
      );
    }
    const before = this.#cleared;
    if (cleared) {
      this.reset();
      this.#cleared = before;
    }
    for (let at = 0; at < keys.length; at += 1) {
      const slot = listed === null ? first + at : listed[at]!;
      const key = keys[at]!;
      if (slot >= this.#size) this.#make(key, this.#emptyPlace(key));
      for (let cell = 0; cell < width; cell += 1)
        this.#cells[slot * width + cell] = cells[at * width + cell]!;
      if (this.#codec !== undefined) this.#objects[slot] = this.#codec.decode(objects![at]);
    }
  }

  #home(key: number): number {
    return (Math.imul(key, 0x9e3779b1) >>> this.#shift) << 1;
  }

  #emptyPlace(key: number): number {
    const mask = this.#table.length - 1;
    let at = this.#home(key);
    while (this.#table[at] !== 0) at = (at + 2) & mask;
    return at;
  }

  /** A slot for a key that has none, at an empty place of the table. */
  #make(key: number, at: number): number {
    const slot = this.#size;
    if (slot === this.#keys.length) {
      this.#keys = grownInts(this.#keys, slot + 1);
      const cells = new Float64Array(this.#keys.length * this.width);
      cells.set(this.#cells);
      this.#cells = cells;
    }
    this.#keys[slot] = key;
    this.#table[at] = key + 1;
    this.#table[at + 1] = slot;
    this.#size = slot + 1;
    // At most two thirds of the pairs are taken.
    if (this.#size * 3 > this.#table.length) this.#grow();
    return slot;
  }

  #grow(): void {
    const { length } = this.#table;
    this.#table = new Int32Array(length * 2);
    this.#shift -= 1;
    for (let slot = 0; slot < this.#size; slot += 1) {
      const key = this.#keys[slot]!;
      const at = this.#emptyPlace(key);
      this.#table[at] = key + 1;
      this.#table[at + 1] = slot;
    }
  }
}
