import type { Checkpointed } from './checkpointed.ts';
import { DenseIds, type DenseIdsPart } from './dense-ids.ts';
import { grownInts } from './grown.ts';
import { NumberIndex } from './number-index.ts';

/** Keys with their ids, and ids that have none any more. */
export interface KeyIndexPart {
  readonly ids: DenseIdsPart;
  readonly freed: Int32Array;
  readonly numberIds: Int32Array;
  readonly numbers: Float64Array;
  readonly textIds: Int32Array;
  readonly texts: readonly string[];
}

/** Ids in a part of all. */
const PART = 65_536;

/** The keys of ids, those that are texts apart from those that are numbers. */
const keysOf = (
  ids: Int32Array,
  texts: readonly (string | undefined)[],
  numbers: Float64Array,
): Pick<KeyIndexPart, 'numberIds' | 'numbers' | 'textIds' | 'texts'> => {
  const textIds = new Int32Array(ids.length);
  const numberIds = new Int32Array(ids.length);
  const values = new Float64Array(ids.length);
  const words: string[] = [];
  let count = 0;
  for (let at = 0; at < ids.length; at += 1) {
    const id = ids[at]!;
    const text = texts[id];
    if (text === undefined) {
      numberIds[count] = id;
      values[count] = numbers[id]!;
      count += 1;
    } else textIds[words.push(text) - 1] = id;
  }
  return {
    numberIds: numberIds.slice(0, count),
    numbers: values.slice(0, count),
    textIds: textIds.slice(0, words.length),
    texts: words,
  };
};

/**
 * Key, a string or a number, → dense id, with a count of who holds the id: at 0 it is freed and given to another key.
 * The keys '7' and 7 are two. Counts are not in the checkpoint: those that hold ids retain them again once everything is
 * restored. An id that nobody ever retained stays until somebody releases it.
 */
export class KeyIndex implements Checkpointed {
  readonly #ids = new DenseIds();
  readonly #numbers = new NumberIndex(this.#ids);
  readonly #idsOfTexts = new Map<string, number>();
  /** By id; undefined where the key is a number. */
  #texts: (string | undefined)[] = [];
  #counts: Int32Array = new Int32Array(16);

  get size(): number {
    return this.#ids.size;
  }

  /** The highest id + 1: how many places state by id needs. */
  get capacity(): number {
    return this.#ids.capacity;
  }

  get dirty(): boolean {
    return this.#ids.dirty;
  }

  /** The key's id, or -1. */
  find(key: string | number): number {
    return typeof key === 'number' ? this.#numbers.find(key) : (this.#idsOfTexts.get(key) ?? -1);
  }

  /** The key's id; a new one if it has none. */
  idOf(key: string | number): number {
    if (typeof key === 'number') return this.#numbers.idOf(key);
    return this.#idsOfTexts.get(key) ?? this.#make(key);
  }

  /** Of a live id. */
  keyOf(id: number): string | number {
    return this.#texts[id] ?? this.#numbers.keyOf(id);
  }

  /** The ids of the keys `from … to - 1`, at the same places of `into`; those that have none get new ones, in order. */
  lookupNumbers(keys: ArrayLike<number>, from: number, to: number, into: Int32Array): void {
    this.#numbers.lookup(keys, from, to, into);
  }

  /** As `lookupNumbers`. */
  lookupTexts(keys: readonly string[], from: number, to: number, into: Int32Array): void {
    const ids = this.#idsOfTexts;
    for (let row = from; row < to; row += 1) {
      const key = keys[row]!;
      into[row] = ids.get(key) ?? this.#make(key);
    }
  }

  retain(id: number): void {
    if (id >= this.#counts.length) this.#counts = grownInts(this.#counts, id + 1);
    this.#counts[id]! += 1;
  }

  /** As `retain` for each of `ids[from] … ids[to - 1]`. */
  retainAll(ids: Int32Array, from: number, to: number): void {
    if (this.capacity > this.#counts.length) this.#counts = grownInts(this.#counts, this.capacity);
    const counts = this.#counts;
    for (let at = from; at < to; at += 1) counts[ids[at]!]! += 1;
  }

  release(id: number): void {
    const count = this.#counts[id] ?? 0;
    if (count > 1) this.#counts[id] = count - 1;
    else if (this.#ids.isLive(id)) {
      if (count === 1) this.#counts[id] = 0;
      this.#forget(id);
      this.#ids.give(id);
    }
  }

  /** Frees the id if nobody holds it. */
  releaseUnheld(id: number): void {
    if ((this.#counts[id] ?? 0) === 0) this.release(id);
  }

  /** As if nobody held any id; who does retains it again, once everything is restored. */
  forgetCounts(): void {
    this.#counts.fill(0);
  }

  /** As `release` for each of `ids[from] … ids[to - 1]`. */
  releaseAll(ids: Int32Array, from: number, to: number): void {
    for (let at = from; at < to; at += 1) this.release(ids[at]!);
  }

  delta(): KeyIndexPart {
    const changed = this.#ids.changed();
    const live = changed.filter((id) => this.#ids.isLive(id));
    const freed = changed.filter((id) => !this.#ids.isLive(id));
    return { ids: this.#ids.delta(), freed, ...keysOf(live, this.#texts, this.#numbers.keys) };
  }

  all(): Iterable<KeyIndexPart> {
    const ids = this.#ids.all();
    const texts = this.#texts.slice();
    const numbers = this.#numbers.keys.slice();
    return {
      *[Symbol.iterator]() {
        const dead = new Uint8Array(ids.capacity);
        for (const id of ids.free) dead[id] = 1;
        for (let from = 0; from === 0 || from < ids.capacity; from += PART) {
          const live = Int32Array.from({ length: Math.min(PART, ids.capacity - from) }, (_, at) => from + at);
          const depth = Math.min(from, ids.free.length);
          yield {
            ids: { capacity: ids.capacity, depth, free: ids.free.slice(depth, from + PART) },
            freed: new Int32Array(0),
            ...keysOf(
              live.filter((id) => dead[id] === 0),
              texts,
              numbers,
            ),
          };
        }
      },
    };
  }

  restore(part: KeyIndexPart): void {
    for (const ids of [part.freed, part.numberIds, part.textIds]) {
      for (const id of ids) if (this.#has(id)) this.#forget(id);
    }
    this.#ids.restore(part.ids);
    for (let at = 0; at < part.numberIds.length; at += 1) {
      this.#numbers.put(part.numbers[at]!, part.numberIds[at]!);
    }
    for (let at = 0; at < part.textIds.length; at += 1) this.#putText(part.texts[at]!, part.textIds[at]!);
  }

  #has(id: number): boolean {
    if (this.#texts[id] !== undefined) return true;
    return this.#ids.isLive(id) && this.#numbers.find(this.#numbers.keyOf(id)) === id;
  }

  #forget(id: number): void {
    const text = this.#texts[id];
    if (text === undefined) this.#numbers.remove(id);
    else {
      this.#idsOfTexts.delete(text);
      this.#texts[id] = undefined;
    }
  }

  #make(text: string): number {
    const id = this.#ids.take();
    this.#putText(text, id);
    return id;
  }

  #putText(text: string, id: number): void {
    while (this.#texts.length < id) this.#texts.push(undefined);
    this.#texts[id] = text;
    this.#idsOfTexts.set(text, id);
  }
}
