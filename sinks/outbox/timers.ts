/**
 * The wall's time, by which one waits for other people's machines: monotonic milliseconds, and a way to be called
 * later. Injected, so that a test can let an hour of back-off pass at once. Log time is another clock.
 */
export interface Timers {
  now(): number;
  /** Answers with the way to call it off. */
  after(ms: number, call: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
