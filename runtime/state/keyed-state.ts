import type { Key } from '../item.ts';
import type { Checkpointed } from './checkpointed.ts';
import { type Patch, patched, patchOf } from './patch.ts';

/** What a state changed since the last barrier: entries to set, entries to change inside, and keys to delete. */
export interface StateDelta {
  readonly set: readonly (readonly [Key, unknown])[];
  readonly changed?: readonly (readonly [Key, Patch])[];
  readonly deleted: readonly Key[];
}

/** Entries in one part of a base: so many are turned into bytes at once. */
const ENTRIES_A_PART = 512;

/**
 * Key → value of any shape, remembering what changed since the last barrier. Values are replaced, never changed in
 * place: what was changed in place, however deep in a value, would be missing from the checkpoint, which has only the
 * members of a value that are others than before. Slow beside typed state.
 */
export class KeyedState<V> implements Checkpointed {
  readonly #values = new Map<Key, V>();
  /** Keys that changed, with their values at the last barrier. */
  readonly #dirty = new Map<Key, V | undefined>();

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
    this.#touch(key);
    this.#values.set(key, value);
  }

  delete(key: Key): void {
    if (!this.#values.has(key)) return;
    this.#touch(key);
    this.#values.delete(key);
  }

  entries(): IterableIterator<[Key, V]> {
    return this.#values.entries();
  }

  delta(): StateDelta {
    const set: [Key, V][] = [];
    const changed: [Key, Patch][] = [];
    const deleted: Key[] = [];
    for (const [key, before] of this.#dirty) {
      const value = this.#values.get(key);
      if (value === undefined) {
        deleted.push(key);
        continue;
      }
      const patch = before === undefined ? undefined : patchOf(before, value);
      if (patch === undefined) set.push([key, value]);
      else if (patch !== null) changed.push([key, patch]);
    }
    this.#dirty.clear();
    return { set, changed, deleted };
  }

  all(): Iterable<StateDelta> {
    return inParts([...this.#values]);
  }

  restore(delta: StateDelta): void {
    for (const [key, value] of delta.set) this.#values.set(key, value as V);
    for (const [key, patch] of delta.changed ?? [])
      this.#values.set(key, patched(this.#values.get(key), patch) as V);
    for (const key of delta.deleted) this.#values.delete(key);
  }

  /** The entries that a delta set or changed, as they are now. */
  *restored({ set, changed = [] }: StateDelta): Generator<readonly [Key, V]> {
    for (const entries of [set, changed]) for (const [key] of entries) yield [key, this.#values.get(key)!];
  }

  #touch(key: Key): void {
    if (!this.#dirty.has(key)) this.#dirty.set(key, this.#values.get(key));
  }
}

/** The entries are those of the call; a part is cut when it is asked for. */
function* inParts(entries: readonly (readonly [Key, unknown])[]): Generator<StateDelta> {
  for (let at = 0; at < entries.length; at += ENTRIES_A_PART)
    yield { set: entries.slice(at, at + ENTRIES_A_PART), deleted: [] };
}
