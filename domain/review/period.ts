const DAY_MS = 86_400_000;
/** A Monday, so that weeks begin on one: 1970-01-05. */
const ORIGIN = 4 * DAY_MS;

/** Milliseconds of log time, `[from; to)`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/**
 * The last whole period that has ended at `at`. Every 7 days: on Wednesday, 2026-01-14 → [Monday 5th; Monday 12th);
 * on Monday 12th at 00:00 the same one, a millisecond before it the one before.
 */
export const lastPeriod = (at: number, everyMs: number): Period => {
  const to = ORIGIN + Math.floor((at - ORIGIN) / everyMs) * everyMs;
  return { from: to - everyMs, to };
};

/** The period of the same length before it. */
export const periodBefore = ({ from, to }: Period): Period => ({ from: from - (to - from), to: from });

/** `2026-01-05_2026-01-12`; where an end is not a midnight, with its time: `20260105T060000Z_20260105T120000Z`. */
export const reviewId = ({ from, to }: Period): string => {
  const words = [from, to].map((at) => new Date(at).toISOString());
  const whole = from % DAY_MS === 0 && to % DAY_MS === 0;
  return words
    .map((text) => (whole ? text.slice(0, 10) : `${text.slice(0, 19).replaceAll(/[-:]/g, '')}Z`))
    .join('_');
};
