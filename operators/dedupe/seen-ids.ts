import type { Key } from '../../runtime/item.ts';
import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import { KeyIndex, type KeyIndexPart } from '../../runtime/state/key-index.ts';
import { RowRing, type RowRingPart } from '../../runtime/state/row-ring.ts';

interface SeenPart {
  readonly ids: KeyIndexPart | null;
  readonly until: RowRingPart | null;
}

/**
 * Ids that were seen, each until a time of its own. Every id is remembered equally long and times never go back, so the
 * first to come is the first to go and a ring holds them in that order. Memory: an id, its time, and some bytes each.
 */
export class SeenIds implements Checkpointed {
  readonly #ids = new KeyIndex();
  readonly #until = new RowRing();

  get size(): number {
    return this.#until.size;
  }

  get dirty(): boolean {
    return this.#ids.dirty || this.#until.dirty;
  }

  /** Remembers an id; false when it is remembered already. */
  add(id: Key, until: number): boolean {
    if (this.#ids.find(id) >= 0) return false;
    this.#until.append(this.#ids.idOf(id), until, 0);
    return true;
  }

  /** Lets go of the ids whose time has come. */
  forget(now: number): void {
    const ring = this.#until;
    let entry = ring.tail;
    for (; entry < ring.head && ring.atOf(entry) <= now; entry++) this.#ids.release(ring.keyOf(entry));
    ring.evictTo(entry);
  }

  delta(): SeenPart {
    return { ids: this.#ids.delta(), until: this.#until.delta() };
  }

  all(): Iterable<SeenPart> {
    const ids = this.#ids.all();
    const until = this.#until.all();
    return {
      *[Symbol.iterator]() {
        for (const part of ids) yield { ids: part, until: null };
        for (const part of until) yield { ids: null, until: part };
      },
    };
  }

  restore({ ids, until }: SeenPart): void {
    if (ids !== null) this.#ids.restore(ids);
    if (until !== null) this.#until.restore(until);
  }
}
