import type { Clock } from '../clock.ts';

/** Log times of two records differ by at least this: 2^-10 ms, which a double holds exactly until the year 4,100. */
export const LOG_TIME_STEP = 1 / 1024;

/**
 * How late it is for the log. Stamps rise with every record and never go below what a producer has promised;
 * `closedUntil` follows when what was stamped is durable.
 * clock at 7, 7, 5 → stamps 7, 7.001, 7.002.
 */
export class LogTime {
  #clock: Clock = { now: () => this.#last };
  #last = 0;
  #closedUntil = 0;

  /** From now on this clock says how late it is; without one, time is what the records say. */
  runOn(clock: Clock): void {
    this.#clock = clock;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** The last time that was stamped, or seen on disk. */
  get last(): number {
    return this.#last;
  }

  get closedUntil(): number {
    return this.#closedUntil;
  }

  stamp(at: number | undefined): number {
    this.#last = Math.max(at ?? this.#clock.now(), this.#last + LOG_TIME_STEP);
    return this.#last;
  }

  saw(time: number): void {
    this.#last = Math.max(this.#last, time);
  }

  /** Everything that was stamped is durable. */
  close(): void {
    this.#closedUntil = this.#last;
  }

  /** Lets time go on with the clock while nothing is written. Answers whether it moved. */
  advance(): boolean {
    const now = this.#clock.now();
    if (now <= this.#last) return false;
    this.#last = now;
    this.#closedUntil = now;
    return true;
  }
}
