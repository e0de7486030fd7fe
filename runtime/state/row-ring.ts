import type { Checkpointed } from './checkpointed.ts';
import { grownFloats } from './grown.ts';

/** Entries `from … from + keys.length - 1`, and the first that is still held. */
export interface RowRingPart {
  readonly tail: number;
  readonly from: number;
  readonly keys: Int32Array;
  readonly ats: Float64Array;
  readonly slots: Int32Array;
}

/** Entries in a part of all. */
const PART = 65_536;

/**
 * Rows that a join or a buffer holds, in order of arrival: (key id, event time, slot of the row), each entry with a
 * step back to the one before it of the same key. Entries are numbered from 0 for ever; those before `tail` are gone.
 * Arrivals (key 4 at 10), (key 9 at 12), (key 4 at 11): key 4 within [10; 11] has the entries 2, 0.
 */
export class RowRing implements Checkpointed {
  #keys = new Int32Array(16);
  #ats = new Float64Array(16);
  #slots = new Int32Array(16);
  /** How many entries back the one before it of its key lies; 0 when there was none. */
  #backs = new Int32Array(16);
  /** Newest entry + 1, by key id. */
  #newest: Float64Array = new Float64Array(16);
  #head = 0;
  #tail = 0;
  #written = 0;
  #writtenTail = 0;

  get size(): number {
    return this.#head - this.#tail;
  }

  /** The first entry held. */
  get tail(): number {
    return this.#tail;
  }

  /** The entry that comes next. */
  get head(): number {
    return this.#head;
  }

  /** Places; it doubles when they are all taken, and then every entry has another one. */
  get capacity(): number {
    return this.#keys.length;
  }

  get dirty(): boolean {
    return this.#head > this.#written || this.#tail > this.#writtenTail;
  }

  append(key: number, at: number, slot: number): void {
    if (this.#head - this.#tail === this.#keys.length) this.#grow();
    if (key >= this.#newest.length) this.#newest = grownFloats(this.#newest, key + 1);
    const place = this.placeOf(this.#head);
    this.#keys[place] = key;
    this.#ats[place] = at;
    this.#slots[place] = slot;
    const last = this.#newest[key]! - 1;
    this.#backs[place] = last >= this.#tail ? this.#head - last : 0;
    this.#head += 1;
    this.#newest[key] = this.#head;
  }

  keyOf(entry: number): number {
    return this.#keys[this.placeOf(entry)]!;
  }

  atOf(entry: number): number {
    return this.#ats[this.placeOf(entry)]!;
  }

  slotOf(entry: number): number {
    return this.#slots[this.placeOf(entry)]!;
  }

  /** The key's newest entry whose time is within [from; to], or -1. */
  newest(key: number, from: number, to: number): number {
    const last = key < this.#newest.length ? this.#newest[key]! - 1 : -1;
    return last < this.#tail ? -1 : this.#within(last, from, to);
  }

  /** The entry before this one of the same key whose time is within [from; to], or -1. */
  older(entry: number, from: number, to: number): number {
    const back = this.#backs[this.placeOf(entry)]!;
    return back === 0 || entry - back < this.#tail ? -1 : this.#within(entry - back, from, to);
  }

  /** Where the tail may move to: the first entry whose time is not before `at`. Older ones behind it wait for it. */
  tailBefore(at: number): number {
    let entry = this.#tail;
    while (entry < this.#head && this.#ats[this.placeOf(entry)]! < at) entry += 1;
    return entry;
  }

  /** Lets go of the entries before `tail`. */
  evictTo(tail: number): void {
    this.#tail = Math.min(tail, this.#head);
  }

  delta(): RowRingPart {
    const part = this.#part(Math.max(this.#written, this.#tail), this.#head);
    this.#written = this.#head;
    this.#writtenTail = this.#tail;
    return part;
  }

  all(): Iterable<RowRingPart> {
    const whole = this.#part(this.#tail, this.#head);
    return {
      *[Symbol.iterator]() {
        const { tail, from, keys, ats, slots } = whole;
        for (let at = 0; at === 0 || at < keys.length; at += PART) {
          yield {
            tail,
            from: from + at,
            keys: keys.slice(at, at + PART),
            ats: ats.slice(at, at + PART),
            slots: slots.slice(at, at + PART),
          };
        }
      },
    };
  }

  restore({ tail, from, keys, ats, slots }: RowRingPart): void {
    // What lies between was appended and evicted before it was written.
    if (from > this.#head) {
      this.#head = from;
      this.#tail = from;
    }
    for (let at = 0; at < keys.length; at += 1) this.append(keys[at]!, ats[at]!, slots[at]!);
    this.#tail = tail;
    this.#written = this.#head;
    this.#writtenTail = tail;
  }

  /** Where an entry lies, for who keeps more about it: exact up to 2^53 entries, since the length divides 2^32. */
  placeOf(entry: number): number {
    return entry & (this.#keys.length - 1);
  }

  #within(entry: number, from: number, to: number): number {
    const mask = this.#keys.length - 1;
    for (let at = entry; ;) {
      const place = at & mask;
      const time = this.#ats[place]!;
      if (time >= from && time <= to) return at;
      const back = this.#backs[place]!;
      at -= back;
      if (back === 0 || at < this.#tail) return -1;
    }
  }

  #part(from: number, to: number): RowRingPart {
    const keys = new Int32Array(to - from);
    const ats = new Float64Array(to - from);
    const slots = new Int32Array(to - from);
    for (let at = 0; at < keys.length; at += 1) {
      const place = this.placeOf(from + at);
      keys[at] = this.#keys[place]!;
      ats[at] = this.#ats[place]!;
      slots[at] = this.#slots[place]!;
    }
    return { tail: this.#tail, from, keys, ats, slots };
  }

  #grow(): void {
    const length = this.#keys.length * 2;
    const [keys, ats, slots, backs] = [this.#keys, this.#ats, this.#slots, this.#backs];
    this.#keys = new Int32Array(length);
    this.#ats = new Float64Array(length);
    this.#slots = new Int32Array(length);
    this.#backs = new Int32Array(length);
    for (let entry = this.#tail; entry < this.#head; entry += 1) {
      const old = entry & (keys.length - 1);
      const place = entry & (length - 1);
      this.#keys[place] = keys[old]!;
      this.#ats[place] = ats[old]!;
      this.#slots[place] = slots[old]!;
      this.#backs[place] = backs[old]!;
    }
  }
}
