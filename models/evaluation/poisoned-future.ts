/** What a prediction was made from, and when, in log time. */
export interface SeenFeatures {
  readonly id: string;
  readonly heardAt: number;
  /** In the order of their names; null where unknown. */
  readonly features: readonly (number | null)[];
}

/** Two runs of which only what was heard after `at` differs. */
export interface Futures {
  readonly at: number;
  /** What was done to the future: `cut`, `poisoned`. */
  readonly future: string;
  readonly as: readonly SeenFeatures[];
  readonly other: readonly SeenFeatures[];
}

/** The first prediction in which a feature moved though nothing did that was known by then. */
export interface Moved {
  readonly prediction: string;
  readonly heardAt: number;
  readonly at: number;
  readonly future: string;
  readonly was: number | null;
  readonly became: number | null;
}

export interface FeatureVerdict {
  readonly feature: string;
  readonly compared: number;
  readonly moved: number;
  readonly first: Moved | null;
}

export interface FuturesVerdict {
  readonly predictions: number;
  readonly features: readonly FeatureVerdict[];
  /** Predictions of before `at` that are made in one of both futures only: they waited for it. */
  readonly waited: readonly Pick<Moved, 'prediction' | 'heardAt' | 'at' | 'future'>[];
}

/**
 * The poisoned-future test: whatever happens after t, features of predictions made until t must be the same, bit by bit. A
 * feature that moves has looked ahead, by event time, by a correction, or by what a row of then says only today.
 *
 *     t = 10: predictions at 4, 9, 12 · the future changed → those at 4 and 9 are compared
 */
export const judgeFutures = (names: readonly string[], all: readonly Futures[]): FuturesVerdict => {
  const moved = names.map(() => 0);
  const first: (Moved | null)[] = names.map(() => null);
  const waited: FuturesVerdict['waited'][number][] = [];
  let predictions = 0;
  for (const { at, future, as, other } of all) {
    const left = new Map(known(other, at).map((one) => [one.id, one]));
    for (const { id: prediction, heardAt, features } of known(as, at)) {
      const twin = left.get(prediction);
      left.delete(prediction);
      if (twin === undefined) {
        waited.push({ prediction, heardAt, at, future });
        continue;
      }
      predictions += 1;
      for (let column = 0; column < names.length; column++) {
        const was = features[column] ?? null;
        const became = twin.features[column] ?? null;
        if (Object.is(was, became)) continue;
        moved[column]! += 1;
        first[column] ??= { prediction, heardAt, at, future, was, became };
      }
    }
    for (const { id: prediction, heardAt } of left.values()) waited.push({ prediction, heardAt, at, future });
  }
  return {
    predictions,
    features: names.map((feature, column) => ({
      feature,
      compared: predictions,
      moved: moved[column]!,
      first: first[column]!,
    })),
    waited,
  };
};

const known = (seen: readonly SeenFeatures[], at: number): readonly SeenFeatures[] =>
  seen.filter(({ heardAt }) => heardAt <= at);
