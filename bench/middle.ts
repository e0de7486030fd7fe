import { quantile } from './quantile.ts';

/** The middle one of an odd number of runs, by the time that it took. */
export const middle = <T>(runs: readonly T[], secondsOf: (run: T) => number): T => {
  const half = quantile(runs.map(secondsOf), 0.5);
  return runs.find((run) => secondsOf(run) === half)!;
};
