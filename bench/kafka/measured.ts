import type { Outcome } from './outcome.ts';

/** One contender's run over all records. */
export interface Measured {
  /** From the connection to the end, whatever the contender does first. */
  readonly seconds: number;
  /** Of them, until it was ready to work. */
  readonly openSeconds: number;
  readonly cpuSeconds: number;
  /** What it has in a table, where it filled one. */
  readonly inTable?: Outcome;
}

/** Begins to measure this process; `opened` when it is ready, then `ended`. */
export const startMeasuring = (): { readonly opened: () => void; readonly ended: () => Measured } => {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let openSeconds = 0;
  const secondsSince = (): number => (performance.now() - begun) / 1_000;
  return {
    opened: () => (openSeconds = secondsSince()),
    ended: () => {
      const { user, system } = process.cpuUsage(cpu);
      return { seconds: secondsSince(), openSeconds, cpuSeconds: (user + system) / 1e6 };
    },
  };
};
