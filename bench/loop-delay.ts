import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the thread's event loop kept everyone waiting, in milliseconds. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const RESOLUTION_MS = 2;

/** Watches from now on; call what it returns to end and read. A timer that is on time counts as no delay. */
export const watchLoopDelay = (): (() => LoopDelay) => {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return () => {
    histogram.disable();
    return {
      p50Ms: ms(histogram.percentile(50)),
      p99Ms: ms(histogram.percentile(99)),
      maxMs: ms(histogram.max),
    };
  };
};
