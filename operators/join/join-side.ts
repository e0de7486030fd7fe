import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import type { KeyIndex } from '../../runtime/state/key-index.ts';
import { RowRing, type RowRingPart } from '../../runtime/state/row-ring.ts';
import { type PackedRows, packRows, unpackRows } from './packed-rows.ts';

export interface JoinSidePart {
  readonly ring: RowRingPart;
  /** Rows of the ring's entries, and which of them have found a partner. */
  readonly rows: PackedRows;
  readonly matched: Uint8Array;
  /** Entries written before that have found one since. */
  readonly matchedSince: readonly number[];
}

/** Rows that are gone but lie between others are let go of when they are half of it, and so many at least. */
const COMPACT_AT_LEAST = 1_024;

/**
 * The rows that one side of a join keeps, in order of arrival, each with a step back to the one before it of its key.
 * Entries are numbered from 0 for ever.
 */
export class JoinSide implements Checkpointed {
  readonly ring = new RowRing();
  #rows: unknown[] = Array.from({ length: this.ring.capacity });
  #matched = new Uint8Array(this.ring.capacity);
  #matchedSince: number[] = [];
  #written = 0;
  #compactAt = COMPACT_AT_LEAST;

  get size(): number {
    return this.ring.size;
  }

  get dirty(): boolean {
    return this.ring.dirty || this.#matchedSince.length > 0;
  }

  /** Keeps a row and answers its entry. The caller retains the key. */
  keep(key: number, at: number, row: unknown): number {
    const { ring } = this;
    const entry = ring.head;
    ring.append(key, at, 0);
    if (ring.capacity !== this.#rows.length) this.#grow();
    const place = ring.placeOf(entry);
    this.#rows[place] = row;
    this.#matched[place] = 0;
    return entry;
  }

  rowOf(entry: number): unknown {
    return this.#rows[this.ring.placeOf(entry)];
  }

  match(entry: number): void {
    const place = this.ring.placeOf(entry);
    if (this.#matched[place] === 1) return;
    this.#matched[place] = 1;
    if (entry < this.#written) this.#matchedSince.push(entry);
  }

  isMatched(entry: number): boolean {
    return this.#matched[this.ring.placeOf(entry)] === 1;
  }

  /**
   * Lets go of the rows that lie before `at`: none that is not late can meet them. One far ahead does not hold back
   * those behind it. Answers whether the entries have other numbers now.
   */
  evict(at: number, keys: KeyIndex): boolean {
    const { ring } = this;
    let { tail } = ring;
    while (tail < ring.head && ring.atOf(tail) < at) {
      keys.release(ring.keyOf(tail));
      this.#rows[ring.placeOf(tail)] = undefined;
      tail += 1;
    }
    ring.evictTo(tail);
    if (ring.size < this.#compactAt) return false;
    const isCompacted = this.#compact(at, keys);
    this.#compactAt = Math.max(COMPACT_AT_LEAST, ring.size * 2);
    return isCompacted;
  }

  /** Retains the keys of all rows: their counts are not in the checkpoint. */
  retainKeys(keys: KeyIndex): void {
    const { ring } = this;
    for (let entry = ring.tail; entry < ring.head; entry++) keys.retain(ring.keyOf(entry));
  }

  delta(): JoinSidePart {
    const part = this.#partOf(this.ring.delta());
    this.#matchedSince = [];
    this.#written = this.ring.head;
    return part;
  }

  all(): Iterable<JoinSidePart> {
    const parts = [...this.ring.all()].map((ring) => ({ ...this.#partOf(ring), matchedSince: [] }));
    return parts;
  }

  restore({ ring, rows: packed, matched, matchedSince }: JoinSidePart): void {
    const rows = unpackRows(packed);
    this.ring.restore(ring);
    if (this.ring.capacity !== this.#rows.length) this.#grow();
    for (let at = 0; at < rows.length; at++) {
      const place = this.ring.placeOf(ring.from + at);
      this.#rows[place] = rows[at];
      this.#matched[place] = matched[at]!;
    }
    for (const entry of matchedSince) if (entry >= ring.tail) this.#matched[this.ring.placeOf(entry)] = 1;
    this.#written = this.ring.head;
  }

  #partOf(ring: RowRingPart): JoinSidePart {
    const places = Array.from(ring.keys, (_, at) => this.ring.placeOf(ring.from + at));
    return {
      ring,
      rows: packRows(places.map((place) => this.#rows[place])),
      matched: Uint8Array.from(places, (place) => this.#matched[place]!),
      matchedSince: this.#matchedSince,
    };
  }

  /** Puts those that stay behind all others, in their order. */
  #compact(at: number, keys: KeyIndex): boolean {
    const { ring } = this;
    const { tail, head } = ring;
    let gone = 0;
    for (let entry = tail; entry < head; entry++) if (ring.atOf(entry) < at) gone += 1;
    if (gone * 2 < head - tail) return false;
    for (let entry = tail; entry < head; entry++) {
      const key = ring.keyOf(entry);
      if (ring.atOf(entry) < at) keys.release(key);
      else {
        const isMatched = this.isMatched(entry);
        const moved = this.keep(key, ring.atOf(entry), this.rowOf(entry));
        if (isMatched) this.match(moved);
      }
    }
    for (let entry = tail; entry < head; entry++) this.#rows[ring.placeOf(entry)] = undefined;
    ring.evictTo(head);
    return true;
  }

  #grow(): void {
    const { ring } = this;
    const rows = this.#rows;
    const matched = this.#matched;
    this.#rows = Array.from({ length: ring.capacity });
    this.#matched = new Uint8Array(ring.capacity);
    for (let { tail: entry } = ring; entry < ring.head; entry++) {
      const before = entry & (rows.length - 1);
      const place = ring.placeOf(entry);
      this.#rows[place] = rows[before];
      this.#matched[place] = matched[before]!;
    }
  }
}
