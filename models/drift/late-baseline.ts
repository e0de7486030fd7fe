import { type DecayedSums, fade, noSums } from './decayed-sums.ts';

const DAY_MS = 86_400_000;
/** What is usual changes over months. */
const HALF_LIFE_MS = 90 * DAY_MS;
/** Labels wait so long before they count as usual: a collapse must not become so before it is found. */
const WAIT_DAYS = 10;
/** Weight of the carrier's rate in that of its cell, and of the common rate in that of the carrier, in labels. */
const PRIOR_LABELS = 40;

export interface Waiting {
  readonly day: number;
  late: number;
  expected: number;
}

/** Late labels and labels ÷ circumstances, by key; the last days wait. Plain data. */
export interface LateBaselineState {
  readonly known: Readonly<Record<string, DecayedSums>>;
  readonly waiting: Readonly<Record<string, readonly Waiting[]>>;
}

export interface Baseline {
  /** Chance of late in ordinary times. */
  readonly chance: number;
  /** Labels behind it, older ones counting less. */
  readonly labels: number;
}

/**
 * How often a cell's shipments are late in ordinary times: late ÷ labels with each label weighted by the
 * circumstances that it met, fading over months, drawn towards the rate of its carrier where labels are few. 3 late of
 * 20 in a carrier with 10 % → (3 + 4) ÷ (20 + 40) = 11.7 %.
 */
export class LateBaseline {
  readonly #known: Map<string, DecayedSums>;
  readonly #waiting: Map<string, Waiting[]>;

  constructor(state: LateBaselineState = { known: {}, waiting: {} }) {
    this.#known = new Map(Object.entries(state.known).map(([key, sums]) => [key, { ...sums }]));
    this.#waiting = new Map(
      Object.entries(state.waiting).map(([key, days]) => [key, days.map((day) => ({ ...day }))]),
    );
  }

  of(key: string, parent: Baseline, at: number): Baseline {
    const sums = this.#ripe(key, Math.floor(at / DAY_MS));
    fade(sums, at, HALF_LIFE_MS);
    return {
      chance: (sums.late + PRIOR_LABELS * parent.chance) / (sums.expected + PRIOR_LABELS),
      labels: sums.expected,
    };
  }

  learn(key: string, at: number, late: 0 | 1, circumstances: number): void {
    const day = Math.floor(at / DAY_MS);
    let days = this.#waiting.get(key);
    if (days === undefined) this.#waiting.set(key, (days = []));
    let last = days.at(-1);
    if (last?.day !== day) days.push((last = { day, late: 0, expected: 0 }));
    last.late += late;
    last.expected += circumstances;
  }

  state(): LateBaselineState {
    const known = Object.fromEntries([...this.#known].map(([key, sums]) => [key, { ...sums }]));
    const waiting = Object.fromEntries(
      [...this.#waiting].map(([key, days]) => [key, days.map((day) => ({ ...day }))]),
    );
    return { known, waiting };
  }

  #ripe(key: string, today: number): DecayedSums {
    let sums = this.#known.get(key);
    if (sums === undefined) this.#known.set(key, (sums = noSums()));
    const days = this.#waiting.get(key) ?? [];
    while (days[0] !== undefined && days[0].day < today - WAIT_DAYS) {
      const day = days.shift()!;
      fade(sums, day.day * DAY_MS, HALF_LIFE_MS);
      sums.late += day.late;
      sums.expected += day.expected;
    }
    return sums;
  }
}
