/** 0 low, 1 middle, 2 high: the price ranks of Nexmark's q16 and q17. 9,999 → 0 · 10,000 → 1 · 1,000,000 → 2 */
export const priceClass = (price: number): 0 | 1 | 2 => {
  if (price < 10_000) return 0;
  return price < 1_000_000 ? 1 : 2;
};

const DAY_MIN = 1_440;

/** Minute of the day in UTC: 00:01:59.999 → 1. */
export const minuteOfDay = (time: number): number => Math.floor(time / 60_000) % DAY_MIN;
