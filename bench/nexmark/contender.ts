import type { QueryName } from './queries.ts';
import type { RowSum } from './row-sum.ts';

/** `mem`: the events are objects in memory before the clock starts. `file`: reading and parsing is part of the work. */
export type Mode = 'mem' | 'file';
export const modes = ['mem', 'file'] as const satisfies readonly Mode[];

/** One run of a query over all events. */
export interface Outcome {
  readonly events: number;
  readonly secs: number;
  /** Processor time of the whole process, all threads. */
  readonly cpuSecs: number;
  readonly rows: number;
  readonly sum: number;
}

/** Who can run a query over a data folder. Called again in the same process, it runs warm. */
export type Contender = (query: QueryName, mode: Mode, data: string) => Promise<Outcome>;

/** Times one run of `work`, which returns how many events it took and adds its rows to `out`. */
export const timed = async (out: RowSum, work: () => number | Promise<number>): Promise<Outcome> => {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const events = await work();
  const secs = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { events, secs, cpuSecs: (user + system) / 1e6, rows: out.rows, sum: out.sum };
};
