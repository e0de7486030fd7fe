const LEAST_MS = 5_000;
const MOST_MS = 900_000;

/**
 * How long to wait after so many failures in a row: twice as long after each, from 5 s or the usual interval if that is
 * shorter, to 15 min or the usual interval if that is longer, and what the server asks for at least. A random part of
 * the upper half is left off, so that many who failed together do not come back together.
 * every 2 min: 1 failure → 2.5 to 5 s · 4 → 20 to 40 s · 12 → 7.5 to 15 min.
 */
export const backOffMs = (
  failures: number,
  everyMs: number,
  retryAfterMs: number | null,
  random: () => number,
): number => {
  const most = Math.max(MOST_MS, everyMs);
  const wanted = Math.min(most, Math.min(LEAST_MS, everyMs) * 2 ** Math.min(30, failures - 1));
  // An hour is as much as we let a server tell us: it may be mistaken.
  return Math.max(wanted * (1 - random() / 2), Math.min(retryAfterMs ?? 0, 4 * MOST_MS));
};
