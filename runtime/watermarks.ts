import type { EventTime } from './state/snapshot-store.ts';

export interface WatermarkInput {
  readonly topic: string;
  readonly partition: number;
  /** How far behind the highest event time its rows may come before they are late. */
  readonly disorderMs: number;
  /** A table that every task reads whole; it holds nothing back. */
  readonly broadcast: boolean;
}

/**
 * How far event time has come in a task. Each input has its own watermark, its highest event time less its disorder,
 * and a row is late by its own input's: so it is the same row in every run, whatever the other inputs did. The task's
 * is the lowest of the inputs that are not idle; it never goes back, and the checkpoint keeps all of it.
 * An input is idle when everything of it was taken and log time has gone on by more than `idleMs` since its last row;
 * one that has brought nothing yet is waited for as long.
 * disorder 5, event times 10, 12, 6 → watermarks 5, 7, 7, and 6 is late.
 */
export class Watermarks {
  readonly #inputs: readonly WatermarkInput[];
  readonly #idleMs: number;
  #highest: number[];
  #heard: number[];
  #watermark = -Infinity;

  constructor(inputs: readonly WatermarkInput[], idleMs: number) {
    this.#inputs = inputs;
    this.#idleMs = idleMs;
    this.#highest = inputs.map(() => -Infinity);
    this.#heard = inputs.map(() => -Infinity);
  }

  get watermark(): number {
    return this.#watermark;
  }

  /** Notes a row and answers whether it is late. */
  row(input: number, at: number, heardAt: number): boolean {
    const highest = this.#highest[input]!;
    this.#heard[input] = heardAt;
    if (at > highest) {
      this.#highest[input] = at;
      return false;
    }
    return at < highest - this.#inputs[input]!.disorderMs;
  }

  /** Log time has come to `now`. Answers whether the task's watermark has risen. */
  advance(now: number, lagOf: (input: number) => number): boolean {
    let lowest = Infinity;
    for (const [input, { disorderMs, broadcast }] of this.#inputs.entries()) {
      if (broadcast) continue;
      if (this.#heard[input] === -Infinity) this.#heard[input] = now;
      if (now - this.#heard[input]! > this.#idleMs && lagOf(input) === 0) continue;
      lowest = Math.min(lowest, this.#highest[input]! - disorderMs);
    }
    if (lowest === Infinity || lowest <= this.#watermark) return false;
    this.#watermark = lowest;
    return true;
  }

  snapshot(): EventTime {
    return {
      watermark: this.#watermark,
      inputs: Object.fromEntries(
        this.#inputs.map((input, index) => [
          nameOf(input),
          { highest: this.#highest[index]!, heardAt: this.#heard[index]! },
        ]),
      ),
    };
  }

  restore({ watermark, inputs }: EventTime): void {
    this.#watermark = watermark;
    this.#highest = this.#inputs.map((input) => inputs[nameOf(input)]?.highest ?? -Infinity);
    this.#heard = this.#inputs.map((input) => inputs[nameOf(input)]?.heardAt ?? -Infinity);
  }
}

const nameOf = ({ topic, partition }: WatermarkInput): string => `${topic}/${partition}`;
