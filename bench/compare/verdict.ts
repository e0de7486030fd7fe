import { median } from '../quantile.ts';

/**
 * What one thing took, before and after, in one round: two runs of each revision, in the order before, after, after,
 * before, so that a machine that grows slower is slower for both.
 */
export interface Round {
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

/** A ratio and how far it reaches over the rounds. */
export interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export interface Verdict {
  /** Time after ÷ time before, of each round; above 1 is slower. */
  readonly ratio: Spread;
  /** What the machine makes of no change at all: the two runs of one revision, the slower ÷ the faster, the median. */
  readonly noise: number;
  readonly isSlower: boolean;
}

const mean = ([first, second]: readonly [number, number]): number => (first + second) / 2;

const apart = ([first, second]: readonly [number, number]): number =>
  Math.max(first, second) / Math.min(first, second);

const spreadOf = (ratios: readonly number[]): Spread => ({
  low: Math.min(...ratios),
  middle: median(ratios)!,
  high: Math.max(...ratios),
});

/**
 * Slower is what is slower by more than `bound`, beyond the noise of the same run: the middle ratio must pass
 * bound × noise, and most rounds must pass the bound.
 * bound 1.15, noise 1.05, rounds 1.30, 1.25, 1.10 → middle 1.25 > 1.2075, two of three pass 1.15: slower.
 * The same with a noise of 1.20: 1.25 < 1.38: not slower.
 */
export const verdictOn = (rounds: readonly Round[], bound: number): Verdict => {
  const ratios = rounds.map(({ before, after }) => mean(after) / mean(before));
  const noise = median(rounds.flatMap(({ before, after }) => [apart(before), apart(after)]))!;
  const ratio = spreadOf(ratios);
  const passing = ratios.filter((one) => one > bound).length;
  return { ratio, noise, isSlower: ratio.middle > bound * noise && passing * 2 > ratios.length };
};
