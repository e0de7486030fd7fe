import { wallTimers } from '../../clock.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import type { Timers } from '../../step.ts';
import { closed, type LogEnd } from './log-end.ts';

export interface PatienceOptions {
  readonly patienceMs: number;
  /** Makes the reader anew; it goes on where it was. */
  readonly restart: () => Promise<void>;
  /** Is told when patience is at an end. */
  readonly end: LogEnd;
  readonly note: (line: string) => void;
  readonly timers?: Timers;
}

interface Wish {
  readonly holds: () => boolean;
  readonly done: () => void;
  readonly failed: (error: ForewarnError) => void;
}

const MOST_RESTARTS = 3;

/** How long is waited in all: 120 s with a patience of 30 s. */
export const allPatienceMs = (patienceMs: number): number => (MOST_RESTARTS + 1) * patienceMs;

/**
 * Waits until the reader has come so far. When it does not get there the reader is made anew, since a client may stall in
 * silence. Patience of 30 s: new readers after 30, 60 and 90 s, and after 120 s the log is broken with FW609.
 */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #timers: Timers;
  #wishes: Wish[] = [];
  #over: ForewarnError | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#timers = options.timers ?? wallTimers;
  }

  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    if (this.#over !== undefined) throw this.#over;
    const unwatch = this.#watch();
    try {
      await new Promise<void>((done, failed) => this.#wishes.push({ holds, done, failed }));
    } finally {
      unwatch();
    }
  }

  /** The reader has got on. */
  fulfil(): void {
    if (this.#wishes.length === 0) return;
    this.#wishes = this.#wishes.filter(({ holds, done }) => {
      if (!holds()) return true;
      done();
      return false;
    });
  }

  /** The reader will never get on: the log is broken, for those who wait and for all who come. */
  giveUp(error: unknown): void {
    this.#fail(this.#options.end.break(error));
  }

  close(): void {
    this.#fail(closed());
  }

  #fail(error: ForewarnError): void {
    this.#over ??= error;
    for (const { failed } of this.#wishes.splice(0)) failed(this.#over);
  }

  /** Answers how to stop it. */
  #watch(): () => void {
    const { patienceMs, restart, note } = this.#options;
    let restarts = 0;
    let cancel = (): void => undefined;
    const wait = (): void => {
      cancel = this.#timers.after(patienceMs, () => {
        if (restarts === MOST_RESTARTS) {
          this.giveUp(
            new ForewarnError('FW609', 'what was written to Kafka does not come back; see its brokers'),
          );
          return;
        }
        restarts += 1;
        note(`kafka: nothing has come back for ${patienceMs} ms; the reader is made anew`);
        restart().catch((error: unknown) => this.giveUp(error));
        wait();
      });
    };
    wait();
    return () => cancel();
  }
}
