import type { Clock } from '../clock.ts';
import type { LogTime } from './log-time.ts';

export interface TimeKeeperOptions {
  readonly time: LogTime;
  /** Whether time may go on by itself now: not while something is written, which is what closes it then. */
  readonly isFree: () => boolean;
  /** Time has moved without a record. */
  readonly onMove: () => void;
  /** Writes down how late it is. */
  readonly write: () => Promise<void>;
}

const EVERY_MS = 50;
/** Moves without a record after which it is written down: about once a second. */
const MOVES_UNWRITTEN = 20;

/**
 * Lets log time go on with the clock while nothing is appended, and has it written down now and then, so that a restart,
 * and other processes, go on from there. Silence from 10:00:00 to 10:00:03 → readers see time move 60 times, and three
 * times it is written.
 */
export class TimeKeeper {
  readonly #options: TimeKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  #moves = 0;

  constructor(options: TimeKeeperOptions) {
    this.#options = options;
  }

  /** From what has been brought back on; time that is `recorded` moves with records only. */
  start(clockOf: ((last: number) => Clock) | 'recorded'): void {
    const { time } = this.#options;
    time.close();
    this.#written = time.last;
    if (clockOf === 'recorded') return;
    time.runOn(clockOf(time.last));
    this.#timer = setInterval(() => this.#move(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Has it written down how late it is, unless it is the same as the last time. */
  async writeDown(): Promise<void> {
    const { time, write } = this.#options;
    this.#moves = 0;
    if (time.last === this.#written) return;
    this.#written = time.last;
    await write();
  }

  #move(): void {
    const { time, isFree, onMove } = this.#options;
    if (!isFree() || !time.advance()) return;
    onMove();
    this.#moves += 1;
    if (this.#moves >= MOVES_UNWRITTEN) void this.writeDown().catch(() => undefined);
  }
}
