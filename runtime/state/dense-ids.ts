import { DirtyBits } from './dirty-bits.ts';
import { grownBytes, grownInts } from './grown.ts';

/** What changed of the ids: the stack of free ones from `depth` on, and the highest id ever given + 1. */
export interface DenseIdsPart {
  readonly capacity: number;
  readonly depth: number;
  readonly free: Int32Array;
}

/**
 * Ids 0 … n-1, so that state of a key is a place in an array. A freed id is given again, the last one first:
 * take 0, 1, 2 · give 0, 2 · take 2, 0, 3. A restored one gives the same ids next as the one it was taken from.
 */
export class DenseIds {
  #capacity = 0;
  #live: Uint8Array = new Uint8Array(16);
  #free: Int32Array = new Int32Array(16);
  #depth = 0;
  /** How deep the stack was at its lowest since the last delta: what lies below is as it was. */
  #lowest = 0;
  readonly #changed = new DirtyBits();

  /** The highest id ever given + 1. */
  get capacity(): number {
    return this.#capacity;
  }

  get size(): number {
    return this.#capacity - this.#depth;
  }

  get dirty(): boolean {
    return this.#changed.any;
  }

  isLive(id: number): boolean {
    return id < this.#capacity && this.#live[id] === 1;
  }

  take(): number {
    let id: number;
    if (this.#depth > 0) {
      this.#depth -= 1;
      if (this.#depth < this.#lowest) this.#lowest = this.#depth;
      id = this.#free[this.#depth]!;
    } else {
      id = this.#capacity;
      this.#reach(id + 1);
    }
    this.#live[id] = 1;
    this.#changed.mark(id);
    return id;
  }

  give(id: number): void {
    this.#live[id] = 0;
    this.#changed.mark(id);
    this.#push(id);
  }

  /** The ids taken or given since the last call. */
  changed(): Int32Array {
    return this.#changed.take();
  }

  delta(): DenseIdsPart {
    const depth = this.#lowest;
    this.#lowest = this.#depth;
    return { capacity: this.#capacity, depth, free: this.#free.slice(depth, this.#depth) };
  }

  all(): DenseIdsPart {
    return { capacity: this.#capacity, depth: 0, free: this.#free.slice(0, this.#depth) };
  }

  restore({ capacity, depth, free }: DenseIdsPart): void {
    for (let at = depth; at < this.#depth; at += 1) this.#live[this.#free[at]!] = 1;
    const before = this.#capacity;
    this.#reach(capacity);
    this.#live.fill(1, before, capacity);
    this.#depth = depth;
    for (const id of free) {
      this.#live[id] = 0;
      this.#push(id);
    }
    this.#lowest = this.#depth;
  }

  #reach(capacity: number): void {
    if (capacity > this.#live.length) this.#live = grownBytes(this.#live, capacity);
    this.#capacity = capacity;
  }

  #push(id: number): void {
    if (this.#depth === this.#free.length) this.#free = grownInts(this.#free, this.#depth + 1);
    this.#free[this.#depth] = id;
    this.#depth += 1;
  }
}
