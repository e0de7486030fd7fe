import { grownFloats, grownInts } from './grown.ts';
import { Heap } from './heap.ts';

const earlier = (a: number, b: number): boolean => a < b;

/**
 * Timers of ids, in the order (time, id), as a calendar: see `TimerWheel`. Nothing is made per timer: time, id and the
 * next of the same bucket are in typed arrays. An id may have many timers; taking one back is the caller's to know.
 */
export class IntTimerWheel {
  readonly #bucketMs: number;
  #ats: Float64Array = new Float64Array(16);
  #ids: Int32Array = new Int32Array(16);
  /** Next timer of the bucket, or of the free ones, + 1. */
  #nexts: Int32Array = new Int32Array(16);
  #free = 0;
  #used = 0;
  /** Binary heap of the timers of the open bucket and all before it. */
  #heap: Int32Array = new Int32Array(16);
  #heapSize = 0;
  #opened = -Infinity;
  /** First timer + 1 of each later bucket. */
  readonly #later = new Map<number, number>();
  readonly #order = new Heap<number>(earlier);
  #size = 0;

  constructor(bucketMs = 1024) {
    this.#bucketMs = bucketMs;
  }

  get size(): number {
    return this.#size;
  }

  /** Time of the first timer, or Infinity. */
  get next(): number {
    if (this.#heapSize === 0 && !this.#openNext()) return Infinity;
    return this.#ats[this.#heap[0]!]!;
  }

  push(at: number, id: number): void {
    let timer = this.#free - 1;
    if (timer >= 0) this.#free = this.#nexts[timer]!;
    else {
      timer = this.#used;
      this.#used += 1;
      if (timer === this.#ids.length) {
        this.#ats = grownFloats(this.#ats, timer + 1);
        this.#ids = grownInts(this.#ids, timer + 1);
        this.#nexts = grownInts(this.#nexts, timer + 1);
      }
    }
    this.#ats[timer] = at;
    this.#ids[timer] = id;
    this.#size += 1;
    const bucket = Math.floor(at / this.#bucketMs);
    if (bucket <= this.#opened) {
      this.#up(timer);
      return;
    }
    const first = this.#later.get(bucket);
    if (first === undefined) this.#order.push(bucket);
    this.#nexts[timer] = first ?? 0;
    this.#later.set(bucket, timer + 1);
  }

  /**
   * Takes timers due at or before `now` and writes their ids to `into`, as many as it holds; answers how many.
   * Timers at 5, 9, 9.5 and now = 9: answers 2, and 0 the next time.
   */
  popDue(now: number, into: Int32Array): number {
    let count = 0;
    while (count < into.length) {
      if (this.#heapSize === 0) {
        const bucket = this.#order.first;
        if (bucket === undefined || bucket * this.#bucketMs > now) break;
        this.#openNext();
      }
      const timer = this.#heap[0]!;
      if (this.#ats[timer]! > now) break;
      into[count] = this.#ids[timer]!;
      count += 1;
      this.#drop();
      this.#nexts[timer] = this.#free;
      this.#free = timer + 1;
      this.#size -= 1;
    }
    return count;
  }

  #openNext(): boolean {
    const bucket = this.#order.pop();
    if (bucket === undefined) return false;
    this.#opened = bucket;
    for (let timer = this.#later.get(bucket)! - 1; timer >= 0;) {
      const next = this.#nexts[timer]! - 1;
      this.#up(timer);
      timer = next;
    }
    this.#later.delete(bucket);
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#ats[one]!;
    const b = this.#ats[other]!;
    return a !== b ? a < b : this.#ids[one]! < this.#ids[other]!;
  }

  /** Adds a timer to the heap. */
  #up(timer: number): void {
    if (this.#heapSize === this.#heap.length) this.#heap = grownInts(this.#heap, this.#heapSize + 1);
    const heap = this.#heap;
    let at = this.#heapSize;
    this.#heapSize += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  /** Takes the first timer off the heap. */
  #drop(): void {
    const heap = this.#heap;
    this.#heapSize -= 1;
    const size = this.#heapSize;
    const last = heap[size]!;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!this.#isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
