import { DenseIds } from './dense-ids.ts';
import { grownFloats } from './grown.ts';

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** Multiplicative hashing (Knuth, TAOCP 3, 6.4): its upper bits are taken, so all bits of the key count. */
const hashOf = (key: number): number => {
  let bits = key | 0;
  if (bits !== key) {
    float[0] = key;
    bits = words[0]! ^ Math.imul(words[1]!, 0x85ebca6b);
  }
  return Math.imul(bits ^ (bits >>> 15), 0x9e3779b1);
};

/**
 * Number → dense id: open addressing with linear probing, at most two thirds full. Every number is a key: 0 and -0 are
 * the same one, and so are all NaN. Keys 7, 3.5, 7 have the ids 0, 1, 0; when 7 is freed, the next new key gets 0.
 */
export class NumberIndex {
  readonly #ids: DenseIds;
  #shift = 28;
  #placeKeys = new Float64Array(16);
  /** Id at each place of the table, -1 where it is empty. */
  #placeIds = new Int32Array(16).fill(-1);
  #keys: Float64Array = new Float64Array(16);
  #size = 0;
  #nan = -1;

  /** Ids may be shared with another index; their owner then checkpoints them. */
  constructor(ids: DenseIds = new DenseIds()) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#size;
  }

  /** The highest id + 1. */
  get capacity(): number {
    return this.#ids.capacity;
  }

  /** Keys by id; the buffer is replaced when it grows, and holds what was left by ids that are free. */
  get keys(): Float64Array {
    return this.#keys;
  }

  keyOf(id: number): number {
    return this.#keys[id]!;
  }

  /** The key's id, or -1. */
  find(key: number): number {
    const ids = this.#placeIds;
    const keys = this.#placeKeys;
    const mask = ids.length - 1;
    for (let place = hashOf(key) >>> this.#shift; ; place = (place + 1) & mask) {
      const id = ids[place]!;
      if (id < 0) return key === key ? -1 : this.#nan;
      if (keys[place] === key) return id;
    }
  }

  /** The key's id; a new one if it has none. */
  idOf(key: number): number {
    const id = this.find(key);
    return id < 0 ? this.#make(key) : id;
  }

  /** The ids of the keys `from … to - 1`, at the same places of `into`; those that have none get new ones, in order. */
  lookup(keys: ArrayLike<number>, from: number, to: number, into: Int32Array): void {
    let placeIds = this.#placeIds;
    let placeKeys = this.#placeKeys;
    let shift = this.#shift;
    let mask = placeIds.length - 1;
    for (let row = from; row < to; row += 1) {
      const key = keys[row]!;
      let place = hashOf(key) >>> shift;
      let id = placeIds[place]!;
      while (id >= 0 && placeKeys[place] !== key) {
        place = (place + 1) & mask;
        id = placeIds[place]!;
      }
      if (id < 0) {
        id = this.idOf(key);
        placeIds = this.#placeIds;
        placeKeys = this.#placeKeys;
        shift = this.#shift;
        mask = placeIds.length - 1;
      }
      into[row] = id;
    }
  }

  /** Forgets the key of an id, which will be given to another key. */
  free(id: number): void {
    if (!this.#ids.isLive(id)) return;
    this.remove(id);
    this.#ids.give(id);
  }

  /** Forgets the key of an id and leaves the id to the owner of the ids. */
  remove(id: number): void {
    this.#size -= 1;
    if (id === this.#nan) {
      this.#nan = -1;
      return;
    }
    const ids = this.#placeIds;
    const keys = this.#placeKeys;
    const mask = ids.length - 1;
    let hole = hashOf(this.#keys[id]!) >>> this.#shift;
    while (ids[hole] !== id) hole = (hole + 1) & mask;
    // Those behind the hole move up as far as their hash allows, so that no search ends too early.
    for (let place = (hole + 1) & mask; ids[place]! >= 0; place = (place + 1) & mask) {
      const home = hashOf(keys[place]!) >>> this.#shift;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      ids[hole] = ids[place]!;
      keys[hole] = keys[place]!;
      hole = place;
    }
    ids[hole] = -1;
  }

  /** Puts a key back that is not in it, under the id that it had. */
  put(key: number, id: number): void {
    if (id >= this.#keys.length) this.#keys = grownFloats(this.#keys, id + 1);
    // -0 becomes 0.
    this.#keys[id] = key + 0;
    this.#size += 1;
    if (key !== key) this.#nan = id;
    else {
      if (this.#size * 3 > this.#placeIds.length * 2) this.#grow();
      this.#place(key + 0, id);
    }
  }

  #make(key: number): number {
    const id = this.#ids.take();
    this.put(key, id);
    return id;
  }

  #place(key: number, id: number): void {
    const ids = this.#placeIds;
    const mask = ids.length - 1;
    let place = hashOf(key) >>> this.#shift;
    while (ids[place]! >= 0) place = (place + 1) & mask;
    ids[place] = id;
    this.#placeKeys[place] = key;
  }

  #grow(): void {
    const ids = this.#placeIds;
    const keys = this.#placeKeys;
    this.#placeIds = new Int32Array(ids.length * 2).fill(-1);
    this.#placeKeys = new Float64Array(ids.length * 2);
    this.#shift -= 1;
    for (let place = 0; place < ids.length; place += 1) {
      if (ids[place]! >= 0) this.#place(keys[place]!, ids[place]!);
    }
  }
}
