import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchOptions } from '../bench.ts';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import { median } from '../quantile.ts';
import type { Table } from '../table.ts';
import type { Contest } from './contest.ts';
import { contests } from './contests.ts';
import { type Contender, contenders } from './run-contest.ts';
import type { OperatorRun } from './run-one.ts';

interface Options {
  readonly contests: readonly Contest[];
  readonly keys: readonly number[];
  readonly rows: number;
  readonly rounds: number;
  readonly runs: number;
}

const list = (text: string): readonly string[] => text.split(';').map((part) => part.trim());

const whole = (name: string, text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name}: "${text}" is not a whole number from 1 on`);
  return number;
};

export const parseOptions = (given: BenchOptions): Options => {
  const wanted = given['operators'] === undefined ? null : list(given['operators']);
  const unknown = wanted?.find((name) => !contests.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Error(`--operators: no "${unknown}"; there are ${contests.map(({ name }) => name).join('; ')}`);
  return {
    contests: contests.filter(({ name }) => wanted === null || wanted.includes(name)),
    keys: (given['keys'] ?? '1000,200000').split(',').map((keys) => whole('keys', keys)),
    rows: whole('rows', given['rows'] ?? '1000000'),
    rounds: whole('rounds', given['rounds'] ?? '3'),
    runs: whole('runs', given['runs'] ?? '4'),
  };
};

const script = fileURLToPath(new URL(`run-one${extname(import.meta.url)}`, import.meta.url));

/** A process of its own for one contender in one contest; answers its warm runs. */
const start = async (
  who: Contender,
  contest: Contest,
  keys: number,
  { rows, runs }: Options,
): Promise<readonly OperatorRun[]> => {
  const args = [...process.execArgv, script, who, contest.name, String(keys), String(rows), String(runs)];
  const all = jsonLines(await runProcess(process.execPath, args)) as readonly OperatorRun[];
  return runs > 1 ? all.slice(1) : all;
};

/** The warm runs of everyone in one round of one contest. */
type Round = Readonly<Record<Contender, readonly OperatorRun[]>>;

const refuseDifferent = (round: Round): void => {
  const [first, ...others] = contenders.flatMap((who) => round[who]);
  for (const { who, contest, rows, sum } of others) {
    if (rows === first!.rows && sum === first!.sum) continue;
    throw new Error(
      `operators: ${contest}, ${who}: ${rows} rows of sum ${sum}, where ${first!.who} has ${first!.rows} of ${first!.sum}`,
    );
  }
};

const rowOf = (contest: Contest, keys: number, rounds: readonly Round[]): Table['rows'][number] => {
  const figure = (who: Contender, of: (run: OperatorRun) => number): number =>
    median(rounds.map((round) => median(round[who].map(of))!))!;
  const ratio = (who: Contender): number =>
    median(
      rounds.map(
        (round) =>
          median(round[who].map(({ cpuNs }) => cpuNs))! /
          median(round['hand loop'].map(({ cpuNs }) => cpuNs))!,
      ),
    )!;
  return [
    contest.name,
    contest.isKeyed ? keys : null,
    ...contenders.map((who) => figure(who, ({ ns }) => ns)),
    ...contenders.map((who) => figure(who, ({ cpuNs }) => cpuNs)),
    ratio('columns'),
    ratio('objects'),
  ];
};

/** What each operator costs, beside the same work in a loop that somebody wrote for it. */
export const operatorsBench: Bench = {
  name: 'operators',
  about: 'ns a row of each operator, over columns and over objects, beside a hand-written loop',
  options: {
    operators: `which of them, with ";" between; all of them if left out: ${contests.map(({ name }) => name).join('; ')}`,
    keys: 'numbers of keys; 1000,200000 if left out',
    rows: 'rows of the input; 1000000 if left out',
    rounds: 'how often everyone is measured in turn; 3 if left out',
    runs: 'runs in one process, of which the first is cold; 4 if left out',
  },
  run: async (say, given) => {
    const options = parseOptions(given);
    const measured = new Map<string, Round[]>();
    const all = options.contests.flatMap((contest) =>
      (contest.isKeyed ? options.keys : options.keys.slice(0, 1)).map((keys) => ({ contest, keys })),
    );
    for (let round = 0; round < options.rounds; round++) {
      for (const { contest, keys } of all) {
        say(`operators: round ${round + 1} of ${options.rounds}, ${contest.name}, ${keys} keys`);
        // Whoever went first in one round goes last in the next.
        const turn = contenders.map((_, at) => contenders[(at + round) % contenders.length]!);
        const runs = new Map<Contender, readonly OperatorRun[]>();
        for (const who of turn) runs.set(who, await start(who, contest, keys, options));
        const told = Object.fromEntries(runs) as Round;
        refuseDifferent(told);
        const name = `${contest.name} ${keys}`;
        measured.set(name, [...(measured.get(name) ?? []), told]);
      }
    }
    return {
      tables: [
        {
          title: 'Nanoseconds for a row of the input, warm',
          columns: [
            { name: 'operator' },
            { name: 'keys' },
            ...contenders.map((who) => ({ name: who })),
            ...contenders.map((who) => ({ name: `CPU ${who}` })),
            { name: 'CPU columns ÷ hand', digits: 2 },
            { name: 'CPU objects ÷ hand', digits: 2 },
          ],
          rows: all.map(({ contest, keys }) =>
            rowOf(contest, keys, measured.get(`${contest.name} ${keys}`)!),
          ),
        },
      ],
      notes: [
        `${options.rows.toLocaleString('en-US')} rows of four numbers, a row a millisecond, keys drawn evenly; medians of ${options.rounds} rounds, in each of which everyone runs in turn, in a new process, ${options.runs} times, the first of which does not count.`,
        'CPU: processor time of all threads of the process, collection of garbage included. All figures of Forewarn hold its source and its sink; "nothing" is those alone.',
        'columns: a topic whose schema is numbers alone; objects: one with no schema. The hand loop reads plain objects and keeps its state in Maps; it knows just what its case needs, keeps no checkpoint and sees no late row.',
        'Both give the same number of rows and the same sum, or the bench fails.',
      ],
    };
  },
};
