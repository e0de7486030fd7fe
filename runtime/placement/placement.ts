import { wallTimers } from '../clock.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Timers } from '../step.ts';

/** What is done for a partition number when it comes and goes. Never two at once for one number. */
export interface NumberWork {
  /** Fences whoever had it, brings its state back and starts it. */
  take(number: number): Promise<void>;
  /** Commits what is done, and lets it go. */
  give(number: number): Promise<void>;
  /** Stops without a commit, also what was half taken or half given. */
  drop(number: number): Promise<void>;
}

export interface PlacementOptions {
  readonly work: NumberWork;
  /** To give may take so long; then what is not committed is left to whoever comes next. */
  readonly giveWithinMs: number;
  /** A number that another process took, though it is assigned here, or that could not be taken, is taken again after so long. */
  readonly againAfterMs: number;
  /** It cannot be taken at all: the process is of no use. */
  readonly onFailure: (error: unknown) => void;
  /** For people: what comes and goes. */
  readonly note: (line: string) => void;
  readonly timers?: Timers;
}

interface Slot {
  /** The group says that it belongs here. */
  isAssigned: boolean;
  /** Taken, and not given or dropped since. */
  isHere: boolean;
  isFenced: boolean;
  /** How often in a row it could not be taken, though no other process has it. */
  failures: number;
  /** What is under way for it, and what waits for that. */
  last: Promise<void>;
  cancelAgain: () => void;
}

/** With a session of 10 s about two minutes and what the tries themselves take: as long as the log waits for its brokers. */
const MOST_FAILURES = 12;

/**
 * Which partition numbers run here, step by step as the group assigns and revokes them. A number that is revoked while it is
 * being taken is taken to its end and given then; a revocation is acknowledged when all of it has been given; one that is
 * lost is dropped, since others have it already. A number that is fenced, though the group leaves it here, was taken by
 * a process that does not know that it lost it: this one drops it, and takes it again when that one must have learnt it. So it
 * does, for a while, with one that it could not take because what it needs for that was away.
 */
export class Placement {
  readonly #options: PlacementOptions;
  readonly #timers: Timers;
  readonly #slots = new Map<number, Slot>();

  constructor(options: PlacementOptions) {
    this.#options = options;
    this.#timers = options.timers ?? wallTimers;
  }

  /** Those that run. */
  get here(): readonly number[] {
    return [...this.#slots].flatMap(([number, { isHere }]) => (isHere ? [number] : [])).sort((a, b) => a - b);
  }

  assign(numbers: readonly number[]): void {
    for (const number of numbers) {
      const slot = this.#slotOf(number);
      slot.isAssigned = true;
      void this.#next(slot, () => this.#take(number, slot));
    }
  }

  /** Resolves when they may be another's. */
  async revoke(numbers: readonly number[]): Promise<void> {
    await this.#leave(numbers, (number, slot) => this.#give(number, slot));
  }

  /** They are another's already. */
  async lose(numbers: readonly number[]): Promise<void> {
    await this.#leave(numbers, (number, slot) => this.#drop(number, slot, 'lost to another process'));
  }

  /** Somebody else commits as this number. */
  fenced(number: number): void {
    const slot = this.#slotOf(number);
    if (slot.isFenced) return;
    slot.isFenced = true;
    void this.#next(slot, async () => {
      await this.#drop(number, slot, 'taken by another process');
      slot.isFenced = false;
      this.#tryAgain(number, slot);
    });
  }

  /** Resolves when nothing of what was assigned or revoked by now is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(({ last }) => last));
  }

  /** Gives all; nothing is taken any more. */
  async stop(): Promise<void> {
    await this.revoke([...this.#slots.keys()]);
  }

  async #leave(
    numbers: readonly number[],
    how: (number: number, slot: Slot) => Promise<void>,
  ): Promise<void> {
    await Promise.all(
      numbers.map((number) => {
        const slot = this.#slotOf(number);
        slot.isAssigned = false;
        slot.cancelAgain();
        return this.#next(slot, () => how(number, slot));
      }),
    );
  }

  async #take(number: number, slot: Slot): Promise<void> {
    const { work, onFailure, note } = this.#options;
    if (!slot.isAssigned || slot.isHere) return;
    const begun = performance.now();
    try {
      await work.take(number);
      slot.isHere = true;
      slot.failures = 0;
      note(`partition number ${number} runs here, taken in ${Math.round(performance.now() - begun)} ms`);
    } catch (error) {
      await work.drop(number);
      if (isTaken(error))
        note(`partition number ${number} was taken by another process while it was read: ${error.message}`);
      else if (mayPass(error) && (slot.failures += 1) < MOST_FAILURES)
        note(`partition number ${number} could not be taken, and is tried again: ${error.message}`);
      else return onFailure(error);
      this.#tryAgain(number, slot);
    }
  }

  async #give(number: number, slot: Slot): Promise<void> {
    const { work, giveWithinMs, note } = this.#options;
    if (!slot.isHere) return;
    let cancel = (): void => undefined;
    const tooLong = new Promise<'too long'>((resolve) => {
      cancel = this.#timers.after(giveWithinMs, () => resolve('too long'));
    });
    try {
      const end = await Promise.race([work.give(number), tooLong]);
      if (end === 'too long') return await this.#drop(number, slot, `not given within ${giveWithinMs} ms`);
      slot.isHere = false;
      note(`partition number ${number} was given`);
    } catch (error) {
      await this.#drop(number, slot, error instanceof Error ? error.message : String(error));
    } finally {
      cancel();
    }
  }

  async #drop(number: number, slot: Slot, why: string): Promise<void> {
    if (!slot.isHere) return;
    await this.#options.work.drop(number);
    slot.isHere = false;
    this.#options.note(`partition number ${number} was dropped: ${why}`);
  }

  #tryAgain(number: number, slot: Slot): void {
    if (!slot.isAssigned) return;
    slot.cancelAgain();
    slot.cancelAgain = this.#timers.after(this.#options.againAfterMs, () => {
      void this.#next(slot, () => this.#take(number, slot));
    });
  }

  /** One after the other; what fails is the process's failure, and holds nothing else up. */
  #next(slot: Slot, work: () => Promise<void>): Promise<void> {
    slot.last = slot.last.then(work).catch(this.#options.onFailure);
    return slot.last;
  }

  #slotOf(number: number): Slot {
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      slot = {
        isAssigned: false,
        isHere: false,
        isFenced: false,
        failures: 0,
        last: Promise.resolve(),
        cancelAgain: () => undefined,
      };
      this.#slots.set(number, slot);
    }
    return slot;
  }
}

/** Fenced, or what it wanted to write first was not taken for that reason. */
const isTaken = (error: unknown): error is ForewarnError =>
  error instanceof ForewarnError && ['FW614', 'FW417', 'FW310'].includes(error.code);

/** Brokers, ClickHouse or the object store were away, and may be back the next time. */
const mayPass = (error: unknown): error is ForewarnError => error instanceof ForewarnError && error.retry;
