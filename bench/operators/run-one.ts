import { contests } from './contests.ts';
import { makeRows } from './input.ts';
import { type Contender, contenders, runContest, type Total } from './run-contest.ts';

/** One run, as its process reports it. */
export interface OperatorRun extends Total {
  readonly who: Contender;
  readonly contest: string;
  readonly keys: number;
  readonly run: number;
  /** Time and processor time of all threads, for a row of the input. */
  readonly ns: number;
  readonly cpuNs: number;
}

/** One contender, one operator, in a process of its own: `runs` runs, of which the first is cold. */
const main = ([who, name, keys, rows, runs]: readonly string[]): void => {
  const contest = contests.find((one) => one.name === name);
  const contender = contenders.find((one) => one === who);
  if (contest === undefined || contender === undefined)
    throw new Error(`run-one <${contenders.join(' | ')}> <operator> <keys> <rows> <runs>`);
  const input = makeRows(Number(rows), Number(keys));
  for (let run = 0; run < Number(runs); run++) {
    const cpu = process.cpuUsage();
    const begun = performance.now();
    const total = runContest(contest, contender, input);
    const ns = ((performance.now() - begun) * 1e6) / input.length;
    const { user, system } = process.cpuUsage(cpu);
    const cpuNs = ((user + system) * 1e3) / input.length;
    const line: OperatorRun = {
      who: contender,
      contest: contest.name,
      keys: Number(keys),
      run,
      ns,
      cpuNs,
      ...total,
    };
    console.log(JSON.stringify(line));
  }
};

main(process.argv.slice(2));
