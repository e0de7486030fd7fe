import { DISORDER_MS } from './input.ts';

/** The watermark as a hand loop keeps it: the highest event time less the disorder. */
export class Highest {
  #highest = -Infinity;

  get watermark(): number {
    return this.#highest - DISORDER_MS;
  }

  saw(at: number): void {
    if (at > this.#highest) this.#highest = at;
  }
}

const EVERY_MS = 1_000;

/** Calls `sweep` once a second of log time: how a hand loop lets go of what is over without a timer for each. */
export const everySecond = (sweep: (now: number) => void): ((now: number) => void) => {
  let due = EVERY_MS;
  return (now) => {
    if (now < due) return;
    due = now + EVERY_MS;
    sweep(now);
  };
};
