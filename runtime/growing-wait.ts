import { setTimeout as passed } from 'node:timers/promises';

/** Waits for what is away: twice as long each time, up to a most, until something has gone well. 200, 400 … 10,000 ms. */
export class GrowingWait {
  readonly #firstMs: number;
  readonly #mostMs: number;
  #nextMs: number;

  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#nextMs = firstMs;
  }

  /** Something has gone well: the next wait is the first again. */
  reset(): void {
    this.#nextMs = this.#firstMs;
  }

  /** Rejects when the signal aborts. */
  async pass(signal: AbortSignal): Promise<void> {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(this.#mostMs, 2 * ms);
    await passed(ms, undefined, { signal });
  }
}
