import type { Checkpointed } from './checkpointed.ts';
import { DenseIds, type DenseIdsPart } from './dense-ids.ts';
import { grownFloats, grownInts } from './grown.ts';

/** Versions by their places, and places that hold none any more. */
export interface VersionPart {
  readonly ids: DenseIdsPart;
  readonly freed: Int32Array;
  readonly places: Int32Array;
  readonly keys: Int32Array;
  /** validFrom, heardAt and order of arrival of each place. */
  readonly times: Float64Array;
  readonly slots: Int32Array;
}

/** Places in a part of all. */
const PART = 65_536;

/**
 * As-of table: versions by key id, each with the time from which it holds, when it was heard, and the slot of its row.
 * They may come in any order; of those with the same time the one heard last holds, of those the one put last.
 * Versions from 10 and 20: as of 9 none, as of 19 the first, as of 20 the second.
 */
export class VersionTable implements Checkpointed {
  readonly #ids = new DenseIds();
  /** Newest version + 1, by key id. */
  #newest: Int32Array = new Int32Array(16);
  #keys: Int32Array = new Int32Array(16);
  /** Three a place: validFrom, heardAt, order of arrival. */
  #times: Float64Array = new Float64Array(48);
  #slots: Int32Array = new Int32Array(16);
  /** Next older version of the key + 1. */
  #olders: Int32Array = new Int32Array(16);
  #arrivals = 0;

  get size(): number {
    return this.#ids.size;
  }

  get dirty(): boolean {
    return this.#ids.dirty;
  }

  put(key: number, validFrom: number, heardAt: number, slot: number): void {
    const place = this.#ids.take();
    this.#reach(place + 1);
    this.#arrivals += 1;
    this.#link(place, key, validFrom, heardAt, this.#arrivals, slot);
  }

  /** Slot of the row that holds for the key at a time, or -1. */
  asOf(key: number, at: number): number {
    const place = this.#placeAsOf(key, at);
    return place < 0 ? -1 : this.#slots[place]!;
  }

  /** Slot of the key's oldest version, or -1. */
  oldest(key: number): number {
    let place = this.#newestOf(key);
    if (place < 0) return -1;
    while (this.#olders[place]! > 0) place = this.#olders[place]! - 1;
    return this.#slots[place]!;
  }

  /** The time from which the key's newest version holds; -Infinity where there is none. */
  newestFrom(key: number): number {
    const place = this.#newestOf(key);
    return place < 0 ? -Infinity : this.#times[place * 3]!;
  }

  /** Drops the key's newest version and answers its slot, or -1 when there is none. */
  dropNewest(key: number): number {
    const place = this.#newestOf(key);
    return place < 0 ? -1 : this.#drop(place);
  }

  /** Takes back the version that holds from exactly this time, the last one if there are more; its slot, or -1. */
  retract(key: number, validFrom: number): number {
    const place = this.#placeAsOf(key, validFrom);
    if (place < 0 || this.#times[place * 3] !== validFrom) return -1;
    return this.#drop(place);
  }

  /**
   * Drops one version that nobody can ask for at `from` or later, and answers its slot, or -1 when there is none:
   * versions from 10, 20, 30 and `from` 25: 10 goes, 20 still holds at 25.
   */
  evict(key: number, from: number): number {
    const place = this.#placeAsOf(key, from);
    const older = place < 0 ? -1 : this.#olders[place]! - 1;
    return older < 0 ? -1 : this.#drop(older);
  }

  delta(): VersionPart {
    const changed = this.#ids.changed();
    const freed = changed.filter((place) => !this.#ids.isLive(place));
    const places = changed.filter((place) => this.#ids.isLive(place));
    return { ids: this.#ids.delta(), freed, ...gather(places, this.#keys, this.#times, this.#slots) };
  }

  all(): Iterable<VersionPart> {
    const ids = this.#ids.all();
    const [keys, times, slots] = [this.#keys.slice(), this.#times.slice(), this.#slots.slice()];
    return {
      *[Symbol.iterator]() {
        const dead = new Uint8Array(ids.capacity);
        for (const place of ids.free) dead[place] = 1;
        for (let from = 0; from === 0 || from < ids.capacity; from += PART) {
          const places = Int32Array.from(
            { length: Math.min(PART, ids.capacity - from) },
            (_, at) => from + at,
          );
          const depth = Math.min(from, ids.free.length);
          yield {
            ids: { capacity: ids.capacity, depth, free: ids.free.slice(depth, from + PART) },
            freed: new Int32Array(0),
            ...gather(
              places.filter((place) => dead[place] === 0),
              keys,
              times,
              slots,
            ),
          };
        }
      },
    };
  }

  restore({ ids, freed, places, keys, times, slots }: VersionPart): void {
    for (const changed of [freed, places]) {
      for (const place of changed) if (this.#ids.isLive(place)) this.#unlink(place);
    }
    this.#ids.restore(ids);
    this.#reach(ids.capacity);
    for (let at = 0; at < places.length; at += 1) {
      const [validFrom, heardAt, arrival] = [times[at * 3]!, times[at * 3 + 1]!, times[at * 3 + 2]!];
      this.#arrivals = Math.max(this.#arrivals, arrival);
      this.#link(places[at]!, keys[at]!, validFrom, heardAt, arrival, slots[at]!);
    }
  }

  #newestOf(key: number): number {
    return key < this.#newest.length ? this.#newest[key]! - 1 : -1;
  }

  #placeAsOf(key: number, at: number): number {
    let place = this.#newestOf(key);
    while (place >= 0 && this.#times[place * 3]! > at) place = this.#olders[place]! - 1;
    return place;
  }

  #link(place: number, key: number, validFrom: number, heardAt: number, arrival: number, slot: number): void {
    if (key >= this.#newest.length) this.#newest = grownInts(this.#newest, key + 1);
    this.#keys[place] = key;
    const times = this.#times;
    times[place * 3] = validFrom;
    times[place * 3 + 1] = heardAt;
    times[place * 3 + 2] = arrival;
    this.#slots[place] = slot;
    let newer = -1;
    let older = this.#newest[key]! - 1;
    while (older >= 0 && this.#isBefore(place, older)) {
      newer = older;
      older = this.#olders[older]! - 1;
    }
    this.#olders[place] = older + 1;
    if (newer < 0) this.#newest[key] = place + 1;
    else this.#olders[newer] = place + 1;
  }

  #isBefore(one: number, other: number): boolean {
    for (let time = 0; time < 3; time += 1) {
      const a = this.#times[one * 3 + time]!;
      const b = this.#times[other * 3 + time]!;
      if (a !== b) return a < b;
    }
    return false;
  }

  #drop(place: number): number {
    this.#unlink(place);
    this.#ids.give(place);
    return this.#slots[place]!;
  }

  #unlink(place: number): void {
    const key = this.#keys[place]!;
    const older = this.#olders[place]!;
    let newer = this.#newest[key]! - 1;
    if (newer === place) {
      this.#newest[key] = older;
      return;
    }
    while (newer >= 0 && this.#olders[newer] !== place + 1) newer = this.#olders[newer]! - 1;
    if (newer >= 0) this.#olders[newer] = older;
  }

  #reach(places: number): void {
    if (places <= this.#keys.length) return;
    this.#keys = grownInts(this.#keys, places);
    this.#slots = grownInts(this.#slots, places);
    this.#olders = grownInts(this.#olders, places);
    this.#times = grownFloats(this.#times, this.#keys.length * 3);
  }
}

const gather = (
  places: Int32Array,
  keys: Int32Array,
  times: Float64Array,
  slots: Int32Array,
): Omit<VersionPart, 'ids' | 'freed'> => {
  const held = new Float64Array(places.length * 3);
  for (let at = 0; at < places.length; at += 1) {
    for (let time = 0; time < 3; time += 1) held[at * 3 + time] = times[places[at]! * 3 + time]!;
  }
  return {
    places,
    keys: places.map((place) => keys[place]!),
    times: held,
    slots: places.map((place) => slots[place]!),
  };
};
