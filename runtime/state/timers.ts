/** A timer of one key: fires once, when log time reaches `at`. */
export interface Timer {
  readonly at: number;
  readonly key: string;
  readonly name: string;
}

const before = (a: Timer, b: Timer): boolean =>
  a.at !== b.at ? a.at < b.at : a.key !== b.key ? a.key < b.key : a.name < b.name;

/**
 * Timers in the order (time, key, name), which is the same in every run. A binary heap; a timer that was moved or
 * taken back stays in it and is passed over when its turn comes, since `due` in the keyed state says what holds.
 */
export class TimerQueue {
  readonly #heap: Timer[] = [];

  get size(): number {
    return this.#heap.length;
  }

  get next(): Timer | undefined {
    return this.#heap[0];
  }

  /** Drops the timers that are not `due` any more, so that moving a distant timer again and again costs no memory. */
  keep(due: (timer: Timer) => boolean): void {
    const kept = this.#heap.filter(due);
    this.#heap.length = 0;
    for (const timer of kept) this.push(timer);
  }

  push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  pop(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
