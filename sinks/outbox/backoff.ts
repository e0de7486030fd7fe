export interface BackoffOptions {
  /** Upper end of the wait after the first attempt. */
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait after attempt number `attempt` (from 1): anything from 0 to min(max, base · 2^(attempt − 1)), all
 * equally likely, so that senders who failed together do not come back together.
 * base 1 s, max 10 s → after attempts 1, 2, 3, 4, 5 at most 1, 2, 4, 8, 10 s.
 * Source: "full jitter", M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
 */
export const backoffMs = (attempt: number, { baseMs, maxMs }: BackoffOptions, random: () => number): number =>
  Math.floor(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
