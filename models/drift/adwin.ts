/** A run of values, of which only sum and squared deviations are kept. */
export interface AdwinBucket {
  readonly total: number;
  readonly variance: number;
}

/** `rows[r]`: buckets of 2^r values each, the oldest first. Plain data of O(log width). */
export interface AdwinState {
  readonly rows: readonly (readonly AdwinBucket[])[];
  readonly width: number;
  readonly total: number;
  /** Sum of squared deviations from the mean of the window. */
  readonly variance: number;
  readonly tick: number;
  readonly found: boolean;
}

export interface AdwinSettings {
  /** Chance of a cut where there is no change, at one look. */
  readonly delta: number;
  /** Looks once in so many values. */
  readonly clock: number;
  readonly maxBuckets: number;
  readonly minWindowLength: number;
  readonly gracePeriod: number;
}

export const adwinDefaults: AdwinSettings = {
  delta: 0.002,
  clock: 32,
  maxBuckets: 5,
  minWindowLength: 5,
  gracePeriod: 10,
};

export const adwinStart: AdwinState = { rows: [[]], width: 0, total: 0, variance: 0, tick: 0, found: false };

/**
 * One value more to a window that forgets its old end once two parts of it differ (A. Bifet, R. Gavaldà, SDM 2007;
 * equal to river's, which begins a new window with the value after a detection). For means of blocks, not for rows.
 */
export const adwin = (
  state: AdwinState,
  value: number,
  settings: AdwinSettings = adwinDefaults,
): AdwinState => {
  const grown = insert(state.found ? adwinStart : state, value, settings.maxBuckets);
  if (grown.tick % settings.clock !== 0 || grown.width <= settings.gracePeriod) return grown;
  let window = grown;
  while (hasCut(window, settings)) window = withoutOldest(window);
  return { ...window, found: window.width < grown.width };
};

const insert = (state: AdwinState, value: number, maxBuckets: number): AdwinState => {
  const { width, total } = state;
  const added = width === 0 ? 0 : (width * (value - total / width) ** 2) / (width + 1);
  const rows = [[...(state.rows[0] ?? []), { total: value, variance: 0 }], ...state.rows.slice(1)];
  for (let row = 0; (rows[row]?.length ?? 0) > maxBuckets; row++) {
    const [first, second, ...others] = rows[row] ?? [];
    if (first === undefined || second === undefined) break;
    rows[row] = others;
    rows[row + 1] = [...(rows[row + 1] ?? []), merged(first, second, 2 ** row, 2 ** row)];
  }
  return {
    rows,
    width: width + 1,
    total: total + value,
    variance: state.variance + added,
    tick: state.tick + 1,
    found: false,
  };
};

const merged = (left: AdwinBucket, right: AdwinBucket, n: number, m: number): AdwinBucket => ({
  total: left.total + right.total,
  variance: left.variance + right.variance + spread(left.total / n, right.total / m, n, m),
});

/** What the distance of two means adds to the squared deviations. */
const spread = (left: number, right: number, n: number, m: number): number =>
  (n * m * (left - right) ** 2) / (n + m);

const withoutOldest = (state: AdwinState): AdwinState => {
  const last = state.rows.length - 1;
  const [oldest = { total: 0, variance: 0 }, ...others] = state.rows[last] ?? [];
  const rows = [...state.rows.slice(0, last), ...(others.length > 0 ? [others] : [])];
  const size = 2 ** last;
  const width = state.width - size;
  const total = state.total - oldest.total;
  const removed = oldest.variance + spread(oldest.total / size, total / width, size, width);
  return { ...state, rows, width, total, variance: state.variance - removed };
};

/** From the oldest bucket on: whether what lies before some bucket's end differs from what lies after it. */
const hasCut = (state: AdwinState, { delta, minWindowLength }: AdwinSettings): boolean => {
  const { rows, width, total, variance } = state;
  const confidence = Math.log((2 * Math.log(width)) / delta);
  let [before, sum] = [0, 0];
  for (let row = rows.length - 1; row >= 0; row--) {
    for (const bucket of rows[row] ?? []) {
      before += 2 ** row;
      sum += bucket.total;
      const after = width - before;
      if (before < minWindowLength || after < minWindowLength) continue;
      const reciprocal = 1 / (before - minWindowLength + 1) + 1 / (after - minWindowLength + 1);
      const epsilon =
        Math.sqrt((2 * reciprocal * variance * confidence) / width) + (2 / 3) * confidence * reciprocal;
      if (Math.abs(sum / before - (total - sum) / after) > epsilon) return true;
    }
  }
  return false;
};
