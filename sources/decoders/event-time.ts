const DAY_MS = 86_400_000;

/**
 * Event time as it may flow on, or null when it lies in the future. What is said of a whole day orders at the
 * day's end, but not later than it was heard: it had happened by then.
 * heard 12:00, maxFuture 10 min: 12:09 → 12:09 · 12:11 → null · the day of today → 12:00 · yesterday → 23:59:59.999
 * yesterday · tomorrow → null.
 */
export const timeOfEvent = (
  at: number,
  precision: 'instant' | 'day',
  heardAt: number,
  maxFutureMs: number,
): number | null => {
  const begin = precision === 'day' ? at - DAY_MS + 1 : at;
  if (begin > heardAt + maxFutureMs) return null;
  return precision === 'day' ? Math.min(at, Math.max(begin, heardAt)) : at;
};

export const futureReason = (at: number, heardAt: number, maxFutureMs: number): string =>
  `it happened at ${isoOf(at)}, more than ${maxFutureMs / 60_000} min after it was heard of (${isoOf(heardAt)}); ` +
  `check the sender's clock and the zone of the source`;

/** ISO text of any number: out of range there is no date to print. */
export const isoOf = (t: number): string =>
  Math.abs(t) <= 8.64e15 ? new Date(t).toISOString() : `${t} ms since 1970`;
