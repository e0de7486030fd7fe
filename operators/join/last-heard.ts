import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import { DirtyBits } from '../../runtime/state/dirty-bits.ts';
import { grownFloats } from '../../runtime/state/grown.ts';
import { IntTimerWheel } from '../../runtime/state/int-timer-wheel.ts';

/** Keys by their ids with the time of their last row; NaN for one that was forgotten. */
export interface LastHeardPart {
  readonly ids: Int32Array;
  readonly times: Float64Array;
}

/** Ids in a part of all. */
const PART = 65_536;

/**
 * When a key was last heard of, by key id, and so when it is forgotten.
 * within 10: rows at 1 and 8 → forgotten at 18.
 * A key has one timer, however often it is heard: it is set anew when it fires too early.
 */
export class LastHeard implements Checkpointed {
  readonly #withinMs: number;
  /** By id; NaN where nothing is known. */
  #times: Float64Array = new Float64Array(16).fill(NaN);
  readonly #changed = new DirtyBits();
  #timers = new IntTimerWheel();
  /** No timer is due before it. */
  #next = Infinity;
  readonly #due = new Int32Array(256);
  #size = 0;

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  get size(): number {
    return this.#size;
  }

  get dirty(): boolean {
    return this.#changed.any;
  }

  knows(id: number): boolean {
    return this.#times[id]! >= -Infinity;
  }

  forgottenAt(id: number): number {
    return this.#times[id]! + this.#withinMs;
  }

  hear(id: number, now: number): void {
    if (!this.knows(id)) {
      this.#reach(id + 1);
      this.#size += 1;
      this.#setTimer(now + this.#withinMs, id);
    }
    this.#times[id] = now;
    this.#changed.mark(id);
  }

  /** Forgets the keys whose time is over, and names each of them. */
  forget(now: number, each: (id: number) => void): void {
    if (this.#next > now) return;
    const due = this.#due;
    for (let count = due.length; count === due.length;) {
      count = this.#timers.popDue(now, due);
      for (let at = 0; at < count; at += 1) {
        const id = due[at]!;
        const until = this.forgottenAt(id);
        if (until > now) this.#timers.push(until, id);
        else {
          this.#times[id] = NaN;
          this.#changed.mark(id);
          this.#size -= 1;
          each(id);
        }
      }
    }
    this.#next = this.#timers.next;
  }

  /** Timers are not in the checkpoint: once everything is restored they are set anew. */
  setTimers(): void {
    this.#timers = new IntTimerWheel();
    this.#next = Infinity;
    for (let id = 0; id < this.#times.length; id += 1)
      if (this.knows(id)) this.#setTimer(this.forgottenAt(id), id);
  }

  delta(): LastHeardPart {
    const ids = this.#changed.take();
    return { ids, times: Float64Array.from(ids, (id) => this.#times[id]!) };
  }

  all(): Iterable<LastHeardPart> {
    const times = this.#times.slice();
    return {
      *[Symbol.iterator]() {
        for (let from = 0; from === 0 || from < times.length; from += PART) {
          const range = Int32Array.from(
            { length: Math.min(PART, times.length - from) },
            (_, at) => from + at,
          );
          const ids = range.filter((id) => times[id]! >= -Infinity);
          yield { ids, times: Float64Array.from(ids, (id) => times[id]!) };
        }
      },
    };
  }

  restore({ ids, times }: LastHeardPart): void {
    for (let at = 0; at < ids.length; at += 1) {
      const id = ids[at]!;
      this.#reach(id + 1);
      const before = this.knows(id);
      this.#times[id] = times[at]!;
      this.#size += Number(this.knows(id)) - Number(before);
    }
  }

  #setTimer(at: number, id: number): void {
    this.#timers.push(at, id);
    if (at < this.#next) this.#next = at;
  }

  #reach(ids: number): void {
    const { length } = this.#times;
    if (ids > length) this.#times = grownFloats(this.#times, ids).fill(NaN, length);
  }
}
