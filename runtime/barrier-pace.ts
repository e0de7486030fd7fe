import type { Clock } from './clock.ts';

export interface BarrierPaceOptions {
  readonly wall: Clock;
  readonly checkpointMs: number;
  /** Called when a barrier that had to wait may be set. */
  readonly wake: () => void;
}

/**
 * How soon one barrier may follow the other. While there is more to do a commit waits for its interval; when there is
 * not, the next hop waits for it, and a tenth will do. 250 ms: busy, barriers at 0, 250, 500; idle again at 510 → 525.
 */
export class BarrierPace {
  readonly #options: BarrierPaceOptions;
  #lastAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BarrierPaceOptions) {
    this.#options = options;
    this.#lastAt = options.wall.now();
  }

  /** Whether one may be set now. */
  isDue(isBusy: boolean): boolean {
    return this.#missingMs(isBusy) <= 0;
  }

  /** The same; where it may not, somebody is woken when it may. */
  allows(isBusy: boolean): boolean {
    const missingMs = this.#missingMs(isBusy);
    if (missingMs <= 0) return true;
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#options.wake();
      }, missingMs);
    }
    return false;
  }

  #missingMs(isBusy: boolean): number {
    const { wall, checkpointMs } = this.#options;
    return this.#lastAt + (isBusy ? checkpointMs : checkpointMs / 10) - wall.now();
  }

  /** A barrier is set now. */
  begin(): void {
    this.#lastAt = this.#options.wall.now();
  }
}
