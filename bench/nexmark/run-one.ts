import { type Contender, type Mode, modes } from './contender.ts';
import { peakMemoryMiB } from './peak-memory.ts';
import { isQueryName, type QueryName } from './queries.ts';
import type { Run } from './run.ts';

/** Loaded when it is measured, so that a process has nothing in it but its own contender. */
const contenders: Readonly<Record<string, () => Promise<Contender>>> = {
  'hand loop': async () => (await import('./yardsticks/hand-loop.ts')).runHandLoop,
  RxJS: async () => (await import('./yardsticks/plain-rxjs.ts')).runPlainRxjs,
  Forewarn: async () => (await import('./forewarn.ts')).runForewarn,
  oracle: async () => (await import('./oracle/run-oracle.ts')).runOracle,
};

interface Wanted {
  readonly who: string;
  readonly query: QueryName;
  readonly mode: Mode;
  readonly data: string;
  readonly runs: number;
}

const isMode = (mode: string): mode is Mode => (modes as readonly string[]).includes(mode);

const wanted = ([who = '', query = '', mode = '', data, runs = '3']: readonly string[]): Wanted => {
  if (!Object.hasOwn(contenders, who) || !isQueryName(query) || !isMode(mode) || data === undefined) {
    const known = Object.keys(contenders).join(' | ');
    throw new Error(`run-one <${known}> <query> <${modes.join(' | ')}> <data folder> [runs]`);
  }
  return { who, query, mode, data, runs: Number(runs) };
};

/**
 * One contender, one query, in a process of its own: `runs` runs one after the other, one line of JSON for each. No
 * collection is forced between them: it throws away optimised code and halves the speed of the next run.
 */
const main = async (): Promise<void> => {
  const { who, query, mode, data, runs } = wanted(process.argv.slice(2));
  const contender = await contenders[who]!();
  for (let run = 0; run < runs; run += 1) {
    const outcome = await contender(query, mode, data);
    const eps = Math.round(outcome.events / outcome.secs);
    const line: Run = { who, q: query, mode, run, ...outcome, eps, rssMiB: peakMemoryMiB() };
    console.log(JSON.stringify(line));
  }
};

await main();
