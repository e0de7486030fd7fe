export interface PeltSettings {
  /** What one more change must save, in squared units of the values. */
  readonly penalty: number;
  /** Fewest values of one level. */
  readonly minLength: number;
}

/** A first index that the last level so far may have. */
interface Candidate {
  readonly start: number;
  /** Ends of a level up to which it may still be the best. */
  readonly goodUntil: number;
}

/**
 * Where the level of a series changes, looking at all of it: the segments with the least squared deviations from
 * their own means plus a penalty for each, found exactly with pruning (R. Killick, P. Fearnhead, I. Eckley: PELT,
 * JASA 2012). Answers the first index of each new level. [0 0 0 5 5 5] with penalty 1 → [3].
 */
export const pelt = (values: readonly number[], { penalty, minLength }: PeltSettings): number[] => {
  const cost = squaredDeviations(values);
  const best = [-penalty];
  const last = [0];
  let candidates: readonly Candidate[] = [];
  for (let end = 1; end <= values.length; end++) {
    const start = end - minLength;
    if (start >= 0 && Number.isFinite(best[start] ?? Infinity))
      candidates = [...candidates, { start, goodUntil: Infinity }];
    let [least, from] = [Infinity, 0];
    for (const { start } of candidates) {
      const total = (best[start] ?? Infinity) + cost(start, end) + penalty;
      if (total < least) [least, from] = [total, start];
    }
    best.push(least);
    last.push(from);
    // A start that is worse by now even without a penalty is never best again, once a level may begin here and be long
    // enough: until then it may have to do.
    candidates = candidates
      .map((one) =>
        (best[one.start] ?? Infinity) + cost(one.start, end) > least
          ? { ...one, goodUntil: Math.min(one.goodUntil, end + minLength - 1) }
          : one,
      )
      .filter(({ goodUntil }) => goodUntil > end);
  }
  const changes: number[] = [];
  for (let at = last[values.length] ?? 0; at > 0; at = last[at] ?? 0) changes.unshift(at);
  return changes;
};

/** Sum of squared deviations from the mean of `values[from; to)`, from sums made once. */
export const squaredDeviations = (values: readonly number[]): ((from: number, to: number) => number) => {
  const sums = [0];
  const squares = [0];
  for (const [at, value] of values.entries()) {
    sums.push((sums[at] ?? 0) + value);
    squares.push((squares[at] ?? 0) + value * value);
  }
  return (from, to) => {
    const sum = (sums[to] ?? 0) - (sums[from] ?? 0);
    return (squares[to] ?? 0) - (squares[from] ?? 0) - (sum * sum) / (to - from);
  };
};
