export interface RateLimitOptions {
  readonly ratePerSec: number;
  /** How many may go at once after a pause. */
  readonly burst: number;
}

/** A bucket of tokens that fills steadily; each attempt takes one. */
export interface RateLimit {
  /** 0 when a token is there, else the wait for one. */
  waitMs(nowMs: number): number;
  take(nowMs: number): void;
}

/** rate 2/s, burst 3: attempts at 0, 0, 0 go at once, the fourth after 500 ms, the fifth after 1,000 ms. */
export const rateLimit = ({ ratePerSec, burst }: RateLimitOptions): RateLimit => {
  let tokens = burst;
  let filledAt: number | undefined;

  const fill = (nowMs: number): void => {
    tokens = Math.min(burst, tokens + (Math.max(0, nowMs - (filledAt ?? nowMs)) * ratePerSec) / 1_000);
    filledAt = Math.max(nowMs, filledAt ?? nowMs);
  };

  return {
    waitMs: (nowMs) => {
      fill(nowMs);
      // A billionth of a token is a rounding error, not a reason to wait.
      return tokens >= 1 - 1e-9 ? 0 : Math.ceil(((1 - tokens) * 1_000) / ratePerSec);
    },
    take: (nowMs) => {
      fill(nowMs);
      tokens -= 1;
    },
  };
};
