/** What a step changed since the last barrier: entries to set and keys to delete. */
export interface StateDelta {
  readonly set: readonly (readonly [string, unknown])[];
  readonly deleted: readonly string[];
}

/** State that goes into the checkpoint: changed entries at each barrier, everything when it is compacted. */
export interface Checkpointed {
  delta(): StateDelta;
  all(): readonly (readonly [string, unknown])[];
  restore(delta: StateDelta): void;
  readonly size: number;
  /** Whether something changed since the last barrier. */
  readonly dirty: boolean;
}

/**
 * Key → value, remembering which keys changed since the last barrier. Values are replaced, never changed in place:
 * a value that was changed in place would be missing from the checkpoint.
 */
export class KeyedState<V> implements Checkpointed {
  readonly #values = new Map<string, V>();
  readonly #dirty = new Set<string>();

  get size(): number {
    return this.#values.size;
  }

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    this.#values.set(key, value);
    this.#dirty.add(key);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#dirty.add(key);
  }

  entries(): IterableIterator<[string, V]> {
    return this.#values.entries();
  }

  delta(): StateDelta {
    const set: [string, V][] = [];
    const deleted: string[] = [];
    for (const key of this.#dirty) {
      const value = this.#values.get(key);
      if (value === undefined) deleted.push(key);
      else set.push([key, value]);
    }
    this.#dirty.clear();
    return { set, deleted };
  }

  all(): readonly (readonly [string, V])[] {
    return [...this.#values];
  }

  restore(delta: StateDelta): void {
    for (const [key, value] of delta.set) this.#values.set(key, value as V);
    for (const key of delta.deleted) this.#values.delete(key);
  }
}
