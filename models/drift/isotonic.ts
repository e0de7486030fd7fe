/** A non-decreasing line through points: between two of them straight, beyond the ends level. */
export interface Isotonic {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

interface Pool {
  readonly sum: number;
  readonly weight: number;
  readonly points: number;
}

/**
 * Least squares under order, by pooling adjacent violators; equal scores are one point, as in scikit-learn. Scores
 * .1 .2 .3 of labels 0 1 0 → 0 at .1 and .5 at .2 and .3.
 */
export const fitIsotonic = (scores: ArrayLike<number>, labels: ArrayLike<number>): Isotonic => {
  const order = Array.from({ length: scores.length }, (_, row) => row);
  order.sort((left, right) => (scores[left] ?? 0) - (scores[right] ?? 0));
  const at: number[] = [];
  const pools: Pool[] = [];
  for (let from = 0; from < order.length;) {
    const score = scores[order[from] ?? 0] ?? 0;
    let [to, sum] = [from, 0];
    for (; to < order.length && scores[order[to] ?? 0] === score; to++) sum += labels[order[to] ?? 0] ?? 0;
    at.push(score);
    push(pools, { sum, weight: to - from, points: 1 });
    from = to;
  }
  const value = pools.flatMap(({ sum, weight, points }) =>
    Array.from({ length: points }, () => sum / weight),
  );
  return { at, value };
};

const push = (pools: Pool[], added: Pool): void => {
  let pool = added;
  for (let last = pools.at(-1); last !== undefined; last = pools.at(-1)) {
    if (last.sum / last.weight < pool.sum / pool.weight) break;
    pools.pop();
    pool = {
      sum: last.sum + pool.sum,
      weight: last.weight + pool.weight,
      points: last.points + pool.points,
    };
  }
  pools.push(pool);
};

export const isotonicAt = ({ at, value }: Isotonic, score: number): number => {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? Infinity) < score) low = middle + 1;
    else high = middle;
  }
  const [right, below, above] = [at[low], value[low - 1], value[low]];
  if (above === undefined) return below ?? NaN;
  if (below === undefined || right === score) return above;
  const left = at[low - 1] ?? score;
  return below + ((above - below) * (score - left)) / ((right ?? score) - left);
};
