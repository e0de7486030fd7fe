/** Sums of Page's test in both directions; plain data. */
export interface PageHinkleyState {
  readonly count: number;
  readonly mean: number;
  readonly up: number;
  readonly upLeast: number;
  readonly down: number;
  readonly downMost: number;
  /** The last value set it off: it starts again with the next. */
  readonly found: boolean;
}

export interface PageHinkleySettings {
  readonly minInstances: number;
  /** Change that is let pass, in the unit of the values. */
  readonly delta: number;
  readonly threshold: number;
  /** Share of the old sums that is kept with each value. */
  readonly alpha: number;
  readonly mode: 'up' | 'down' | 'both';
}

export const pageHinkleyDefaults: PageHinkleySettings = {
  minInstances: 30,
  delta: 0.005,
  threshold: 50,
  alpha: 0.9999,
  mode: 'both',
};

/** As river starts it: the largest fall is counted from −1, not from −∞. `upLeast` is the first sum at most. */
export const pageHinkleyStart: PageHinkleyState = {
  count: 0,
  mean: 0,
  up: 0,
  upLeast: Number.MAX_VALUE,
  down: 0,
  downMost: -1,
  found: false,
};

/**
 * One value more (E. Page, Biometrika 1954; D. Hinkley, Biometrika 1971; equal to river's). It is meant for means of
 * blocks: on single rows it goes off on every weekday's rhythm.
 */
export const pageHinkley = (
  state: PageHinkleyState,
  value: number,
  settings: PageHinkleySettings = pageHinkleyDefaults,
): PageHinkleyState => {
  const { minInstances, delta, threshold, alpha, mode } = settings;
  const from = state.found ? pageHinkleyStart : state;
  const count = from.count + 1;
  const mean = from.mean + (value - from.mean) / count;
  const up = alpha * from.up + (value - mean) - delta;
  const down = alpha * from.down + (value - mean) + delta;
  const upLeast = Math.min(from.upLeast, up);
  const downMost = Math.max(from.downMost, down);
  const isUp = mode !== 'down' && up - upLeast > threshold;
  const isDown = mode !== 'up' && downMost - down > threshold;
  return { count, mean, up, upLeast, down, downMost, found: count >= minInstances && (isUp || isDown) };
};
