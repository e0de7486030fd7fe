import type { CellKeys } from './cell-keys.ts';
import { type DecayedSums, fade, noSums } from './decayed-sums.ts';

/** Half a day back counts half: a storm is known as one by its first evening. */
const HALF_LIFE_MS = 43_200_000;
/** So many expected late shipments of ordinary times are mixed in, so that a few labels prove nothing. */
const PRIOR_LATE = 3;
const ALL = 'all';

/** Sums for each lane, each carrier, each carrier on each lane, and all. */
export type CircumstancesState = Readonly<Record<string, DecayedSums>>;

/**
 * By how much shipments are late more often than usual just now, for reasons that no single carrier has: season,
 * weekday, weather on the lane. It is measured on **the others** on the same lane and mixed with the others
 * everywhere; a carrier never excuses itself. Others with 30 late where 15 are usual → about 1.8.
 */
export class Circumstances {
  readonly #sums: Map<string, DecayedSums>;

  constructor(state: CircumstancesState = {}) {
    this.#sums = new Map(Object.entries(state).map(([key, sums]) => [key, { ...sums }]));
  }

  factor({ carrier, lane, carrierOnLane }: CellKeys, at: number): number {
    return this.#others(lane, carrierOnLane, at, this.#others(ALL, carrier, at, 1));
  }

  /** `expected` is the chance of late in ordinary times. */
  learn({ carrier, lane, carrierOnLane }: CellKeys, at: number, late: 0 | 1, expected: number): void {
    this.#add(ALL, at, late, expected);
    this.#add(carrier, at, late, expected);
    this.#add(lane, at, late, expected);
    this.#add(carrierOnLane, at, late, expected);
  }

  state(): CircumstancesState {
    return Object.fromEntries([...this.#sums].map(([key, sums]) => [key, { ...sums }]));
  }

  #add(key: string, at: number, late: 0 | 1, expected: number): void {
    const sums = fade(this.#of(key), at, HALF_LIFE_MS);
    sums.late += late;
    sums.expected += expected;
  }

  #others(all: string, own: string, at: number, prior: number): number {
    const whole = fade(this.#of(all), at, HALF_LIFE_MS);
    const part = fade(this.#of(own), at, HALF_LIFE_MS);
    const late = Math.max(0, whole.late - part.late) + PRIOR_LATE * prior;
    return late / (Math.max(0, whole.expected - part.expected) + PRIOR_LATE);
  }

  #of(key: string): DecayedSums {
    let sums = this.#sums.get(key);
    if (sums === undefined) this.#sums.set(key, (sums = noSums()));
    return sums;
  }
}
