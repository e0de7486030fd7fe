interface Entry<T> {
  readonly at: number;
  readonly rank: number;
  readonly order: number;
  readonly event: T;
}

const before = <T>(a: Entry<T>, b: Entry<T>): boolean =>
  a.at !== b.at ? a.at < b.at : a.rank !== b.rank ? a.rank < b.rank : a.order < b.order;

/**
 * What will happen in simulated time, soonest first: a binary heap. At one instant the lower rank comes first,
 * and within a rank what was put in first.
 */
export class EventQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  put(at: number, event: T, rank = 1): void {
    const heap = this.#heap;
    const entry: Entry<T> = { at, rank, order: this.#order, event };
    this.#order += 1;
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !before(entry, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = entry;
  }

  /** The next event at or before `until`, with its time; undefined when there is none. */
  takeUntil(until: number): { readonly at: number; readonly event: T } | undefined {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined || top.at > until) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(entry: Entry<T>): void {
    const heap = this.#heap;
    let i = 0;
    for (;;) {
      const left = heap[2 * i + 1];
      const right = heap[2 * i + 2];
      const child = right !== undefined && left !== undefined && before(right, left) ? right : left;
      if (child === undefined || !before(child, entry)) break;
      heap[i] = child;
      i = child === left ? 2 * i + 1 : 2 * i + 2;
    }
    heap[i] = entry;
  }
}
