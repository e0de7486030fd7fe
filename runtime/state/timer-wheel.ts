import type { Key } from '../item.ts';
import { Heap } from './heap.ts';

/** A timer of one key: fires once, when time reaches `at`. */
export interface Timer {
  readonly at: number;
  readonly key: Key;
  readonly name: string;
}

const before = (a: Timer, b: Timer): boolean =>
  a.at !== b.at ? a.at < b.at : a.key !== b.key ? a.key < b.key : a.name < b.name;
const earlier = (a: number, b: number): boolean => a < b;

/**
 * Timers in the order (time, key, name), as a calendar: a bucket for every `bucketMs` that has any, unsorted until it
 * is the first. Bucket 1,024: timers at 5,000, 900, 1,000 lie in buckets 4, 0, 0; only 900 and 1,000 are ever compared.
 * What is pushed before the end of the open bucket goes among its timers.
 */
export class TimerWheel {
  readonly #bucketMs: number;
  /** The open bucket and all before it. */
  readonly #open = new Heap<Timer>(before);
  #opened = -Infinity;
  readonly #later = new Map<number, Timer[]>();
  readonly #order = new Heap<number>(earlier);
  #size = 0;

  constructor(bucketMs = 1024) {
    this.#bucketMs = bucketMs;
  }

  get size(): number {
    return this.#size;
  }

  get next(): Timer | undefined {
    if (this.#open.size === 0) this.#openNext();
    return this.#open.first;
  }

  /** The first timer if its time has come by `now`. Buckets that lie ahead stay unsorted, and cheap to push to. */
  due(now: number): Timer | undefined {
    if (this.#open.size === 0) {
      const bucket = this.#order.first;
      if (bucket === undefined || bucket * this.#bucketMs > now) return undefined;
      this.#openNext();
    }
    const { first } = this.#open;
    return first !== undefined && first.at <= now ? first : undefined;
  }

  push(timer: Timer): void {
    this.#size += 1;
    const bucket = Math.floor(timer.at / this.#bucketMs);
    if (bucket <= this.#opened) {
      this.#open.push(timer);
      return;
    }
    const timers = this.#later.get(bucket);
    if (timers !== undefined) timers.push(timer);
    else {
      this.#later.set(bucket, [timer]);
      this.#order.push(bucket);
    }
  }

  pop(): Timer | undefined {
    if (this.#open.size === 0) this.#openNext();
    if (this.#open.size > 0) this.#size -= 1;
    return this.#open.pop();
  }

  /** Drops the timers that are not `due` any more: one that was moved or taken back stays until then, or until its time. */
  keep(due: (timer: Timer) => boolean): void {
    this.#open.filter(due);
    this.#size = this.#open.size;
    for (const [bucket, timers] of this.#later) {
      const kept = timers.filter(due);
      this.#later.set(bucket, kept);
      this.#size += kept.length;
    }
  }

  #openNext(): void {
    while (this.#open.size === 0) {
      const bucket = this.#order.pop();
      if (bucket === undefined) return;
      this.#opened = bucket;
      for (const timer of this.#later.get(bucket)!) this.#open.push(timer);
      this.#later.delete(bucket);
    }
  }
}
