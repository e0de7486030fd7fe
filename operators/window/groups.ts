import type { Key } from '../../runtime/item.ts';
import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import type { Records, RecordSpace } from './records.ts';

/** Rows of a key that are gathered until there are enough of them. */
export interface Group {
  rows: number;
  /** Least and greatest event time among them. */
  first: number;
  last: number;
  /** When somebody looks whether it has expired; not in the checkpoint. */
  dueAt: number;
  readonly space: RecordSpace;
}

interface Saved {
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly space: unknown;
}

type GroupsPart = readonly (readonly [Key, Saved | null])[];

const KEYS_A_PART = 512;

/** The group of each key that has an unfinished one. A group changes in place, and `set` says so. */
export class Groups implements Checkpointed {
  readonly #records: Records;
  readonly #byKey = new Map<Key, Group>();
  readonly #changed = new Set<Key>();
  readonly #onRestored: (key: Key, group: Group) => void;

  constructor(records: Records, onRestored: (key: Key, group: Group) => void) {
    this.#records = records;
    this.#onRestored = onRestored;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  get(key: Key): Group | undefined {
    return this.#byKey.get(key);
  }

  set(key: Key, group: Group): void {
    this.#byKey.set(key, group);
    this.#changed.add(key);
  }

  delete(key: Key): void {
    if (this.#byKey.delete(key)) this.#changed.add(key);
  }

  delta(): GroupsPart {
    const changed = [...this.#changed].map((key) => this.#saved(key, this.#byKey.get(key)));
    this.#changed.clear();
    return changed;
  }

  all(): Iterable<GroupsPart> {
    const all = [...this.#byKey].map(([key, group]) => this.#saved(key, group));
    return Array.from({ length: Math.ceil(all.length / KEYS_A_PART) }, (_, part) =>
      all.slice(part * KEYS_A_PART, (part + 1) * KEYS_A_PART),
    );
  }

  restore(part: GroupsPart): void {
    for (const [key, saved] of part) {
      if (saved === null) {
        this.#byKey.delete(key);
        continue;
      }
      const { rows, first, last, space } = saved;
      const group = { rows, first, last, dueAt: NaN, space: this.#records.decode(space) };
      this.#byKey.set(key, group);
      this.#onRestored(key, group);
    }
    this.#changed.clear();
  }

  #saved(key: Key, group: Group | undefined): GroupsPart[number] {
    if (group === undefined) return [key, null];
    const { rows, first, last, space } = group;
    return [key, { rows, first, last, space: this.#records.encode(space) }];
  }
}
