/** What a monotone column asks of its splits: the right side not below the left (1), not above it (−1), nothing (0). */
export type Direction = -1 | 0 | 1;

/** The values that a node and all below it may take, before shrinking. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export const unbounded: Bounds = { low: -Infinity, high: Infinity };

export const within = (value: number, { low, high }: Bounds): number =>
  value < low ? low : value > high ? high : value;

/**
 * Bounds of the two children of a split. On a monotone column the middle of their values parts them, for all that grows
 * below too: without that, a later split on another column could break the promise. Bounds [−1; 1], values .2 and .6
 * rising → left [−1; .4], right [.4; 1].
 */
export const childBounds = (
  bounds: Bounds,
  direction: Direction,
  left: number,
  right: number,
): readonly [Bounds, Bounds] => {
  if (direction === 0) return [bounds, bounds];
  const middle = (within(left, bounds) + within(right, bounds)) / 2;
  const below = { low: bounds.low, high: middle };
  const above = { low: middle, high: bounds.high };
  return direction > 0 ? [below, above] : [above, below];
};
