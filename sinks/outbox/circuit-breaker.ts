export interface CircuitBreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** How long it stays open before one attempt may probe. */
  readonly openMs: number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Keeps attempts from a destination that does not work, and lets one through at a time to see if it does again. */
export interface CircuitBreaker {
  state(nowMs: number): CircuitState;
  /** 0 when an attempt may begin; Infinity while another one probes. */
  waitMs(nowMs: number): number;
  begin(nowMs: number): void;
  succeeded(): void;
  failed(nowMs: number): void;
  /** The attempt told nothing about the destination: it was called off, or the destination asked for a pause. */
  released(): void;
}

/**
 * closed → open after `failures` in a row → half-open after `openMs`: one probe → closed, or open once more.
 * failures 3, openMs 10 s: fails at 1, 2, 3 s → open [3; 13) → a probe at 13 s fails → open [13; 23).
 */
export const circuitBreaker = ({ failures, openMs }: CircuitBreakerOptions): CircuitBreaker => {
  let failedInRow = 0;
  let openedAtMs: number | undefined;
  let isProbing = false;

  const state = (nowMs: number): CircuitState => {
    if (openedAtMs === undefined) return 'closed';
    return nowMs < openedAtMs + openMs ? 'open' : 'half-open';
  };

  return {
    state,
    waitMs: (nowMs) => {
      const now = state(nowMs);
      if (now === 'closed') return 0;
      if (now === 'open') return (openedAtMs ?? nowMs) + openMs - nowMs;
      return isProbing ? Infinity : 0;
    },
    begin: (nowMs) => {
      if (state(nowMs) === 'half-open') isProbing = true;
    },
    succeeded: () => {
      failedInRow = 0;
      openedAtMs = undefined;
      isProbing = false;
    },
    failed: (nowMs) => {
      failedInRow += 1;
      isProbing = false;
      // Attempts that began before it opened may fail later; they do not prolong it.
      if (state(nowMs) === 'half-open' || (openedAtMs === undefined && failedInRow >= failures))
        openedAtMs = nowMs;
    },
    released: () => {
      isProbing = false;
    },
  };
};
