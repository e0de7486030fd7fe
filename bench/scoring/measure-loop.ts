import { quantile } from '../quantile.ts';

export interface Measured {
  readonly rowsPerSec: number;
  /** Of one question. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the whole process, all threads. */
  readonly cpuUsPerRow: number;
}

interface LoopOptions {
  /** Of one question. */
  readonly rows: number;
  readonly ms: number;
  /** Questions that are under way at once. */
  readonly outstanding: number;
}

const WARM_SHARE = 0.3;

/** Asks again and again, so many questions at once; the first part of the time warms up and does not count. */
export const measureLoop = async (
  once: () => Promise<void>,
  { rows, ms, outstanding }: LoopOptions,
): Promise<Measured> => {
  await askFor(once, ms * WARM_SHARE, outstanding);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const took = await askFor(once, ms, outstanding);
  const sec = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const done = took.length * rows;
  return {
    rowsPerSec: done / sec,
    p50Ms: quantile(took, 0.5) ?? NaN,
    p99Ms: quantile(took, 0.99) ?? NaN,
    cpuUsPerRow: (user + system) / done,
  };
};

const askFor = async (
  once: () => Promise<void>,
  ms: number,
  outstanding: number,
): Promise<readonly number[]> => {
  const took: number[] = [];
  const until = performance.now() + ms;
  const asker = async (): Promise<void> => {
    while (performance.now() < until) {
      const begun = performance.now();
      await once();
      took.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: outstanding }, asker));
  return took;
};
