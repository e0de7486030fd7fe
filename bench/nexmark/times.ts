/**
 * The times of the queries, in milliseconds. Windows are aligned to the epoch and half open:
 * size 10 s: events at 1.2 s, 9.999 s, 10 s → [0;10): 1.2, 9.999 · [10;20): 10.
 */
export const WINDOW_MS = 10_000;

/** How far apart the hopping windows of q5 begin. */
export const SLIDE_MS = 2_000;

/** A bid so long or longer after the last one of its bidder begins a new session. */
export const SESSION_GAP_MS = 1_000;

/** A watermark is the latest event time seen less this: more than any event is late, so none is lost. */
export const DISORDER_MS = 4_000;

/** End of the tumbling window that a time lies in: 9,999 → 10,000 · 10,000 → 20,000. */
export const windowEnd = (time: number): number => time - (time % WINDOW_MS) + WINDOW_MS;
