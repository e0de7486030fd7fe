import { DISORDER_MS, WINDOW_MS } from '../../times.ts';

/**
 * What a hand-written loop keeps of each tumbling window that is still open. A window is closed, and given to `close`
 * with its end, once the latest time seen is DISORDER_MS past it: [0;10 s) when the first event at 14 s or later comes.
 */
export class Tumbling<W> {
  readonly #open = new Map<number, W>();
  readonly #create: () => W;
  readonly #close: (window: W, end: number) => void;
  /** The window of the last call: almost every event lies in the same one as the event before. */
  #start = -Infinity;
  #window: W | undefined;
  #latest = -Infinity;
  #nextEnd = Infinity;

  constructor(create: () => W, close: (window: W, end: number) => void) {
    this.#create = create;
    this.#close = close;
  }

  at(time: number): W {
    if (this.#window !== undefined && time >= this.#start && time < this.#start + WINDOW_MS)
      return this.#window;
    const start = time - (time % WINDOW_MS);
    let window = this.#open.get(start);
    if (window === undefined) {
      window = this.#create();
      this.#open.set(start, window);
      this.#nextEnd = Math.min(this.#nextEnd, start + WINDOW_MS);
    }
    this.#start = start;
    this.#window = window;
    return window;
  }

  /** Call it with the time of every event, after its row is in. */
  advance(time: number): void {
    if (time <= this.#latest) return;
    this.#latest = time;
    if (time - DISORDER_MS >= this.#nextEnd) this.closeTo(time - DISORDER_MS);
  }

  closeTo(watermark: number): void {
    this.#window = undefined;
    this.#nextEnd = Infinity;
    for (const [start, window] of this.#open) {
      const end = start + WINDOW_MS;
      if (end > watermark) this.#nextEnd = Math.min(this.#nextEnd, end);
      else {
        this.#open.delete(start);
        this.#close(window, end);
      }
    }
  }
}
