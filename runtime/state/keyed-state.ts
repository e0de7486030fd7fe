import type { Key } from '../item.ts';
import type { Checkpointed } from './checkpointed.ts';

/** What a state changed since the last barrier: entries to set and keys to delete. */
export interface StateDelta {
  readonly set: readonly (readonly [Key, unknown])[];
  readonly deleted: readonly Key[];
}

/** Entries in one part of a base: so many are turned into bytes at once. */
const ENTRIES_A_PART = 512;

/**
 * Key → value of any shape, remembering which keys changed since the last barrier. Values are replaced, never changed
 * in place: a value that was changed in place would be missing from the checkpoint. Slow beside typed state.
 */
export class KeyedState<V> implements Checkpointed {
  readonly #values = new Map<Key, V>();
  readonly #dirty = new Set<Key>();

  get size(): number {
    return this.#values.size;
  }

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  get(key: Key): V | undefined {
    return this.#values.get(key);
  }

  set(key: Key, value: V): void {
    this.#values.set(key, value);
    this.#dirty.add(key);
  }

  delete(key: Key): void {
    if (this.#values.delete(key)) this.#dirty.add(key);
  }

  entries(): IterableIterator<[Key, V]> {
    return this.#values.entries();
  }

  delta(): StateDelta {
    const set: [Key, V][] = [];
    const deleted: Key[] = [];
    for (const key of this.#dirty) {
      const value = this.#values.get(key);
      if (value === undefined) deleted.push(key);
      else set.push([key, value]);
    }
    this.#dirty.clear();
    return { set, deleted };
  }

  all(): Iterable<StateDelta> {
    return inParts([...this.#values]);
  }

  restore(delta: StateDelta): void {
    for (const [key, value] of delta.set) this.#values.set(key, value as V);
    for (const key of delta.deleted) this.#values.delete(key);
  }
}

/** The entries are those of the call; a part is cut when it is asked for. */
function* inParts(entries: readonly (readonly [Key, unknown])[]): Generator<StateDelta> {
  for (let at = 0; at < entries.length; at += ENTRIES_A_PART)
    yield { set: entries.slice(at, at + ENTRIES_A_PART), deleted: [] };
}
