import { join } from 'node:path';
import type { BenchOptions } from '../bench.ts';
import { writeEventFiles } from '../nexmark/event-files.ts';
import { jsonLines, runProcess } from '../nexmark/child-process.ts';
import { forewarnQueries } from '../nexmark/forewarn.ts';
import { generateEvents } from '../nexmark/generate.ts';
import { contests } from '../operators/contests.ts';
import { seededRandom } from '../../models/training/seeded-random.ts';

/** One thing that is measured: a script of a bench and its arguments, which print a line of JSON for each run. */
export interface Micro {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Processor time of a line; a ratio has no unit. */
  readonly cost: (line: Readonly<Record<string, number>>) => number;
}

const RUNS = 4;
const ROWS = 300_000;
const KEYS = 20_000;
const EVENTS = 300_000;
const SEED = 1;

const chosen = (all: readonly string[], text: string | undefined): readonly string[] => {
  if (text === undefined) return all;
  const wanted = text.split(';').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  const unknown = wanted.find((one) => !all.includes(one));
  if (unknown !== undefined) throw new Error(`--queries: no "${unknown}"; there are ${all.join('; ')}`);
  return wanted;
};

const operators = (queries: string | undefined): readonly Micro[] =>
  chosen(
    contests.map(({ name }) => name),
    queries,
  ).map((name) => ({
    name,
    script: join('bench', 'operators', 'run-one.js'),
    args: ['columns', name, String(KEYS), String(ROWS), String(RUNS)],
    cost: ({ cpuNs }) => cpuNs!,
  }));

const nexmark = (queries: string | undefined, folder: string): readonly Micro[] => {
  const names = chosen(forewarnQueries, queries?.replaceAll(',', ';'));
  writeEventFiles(folder, generateEvents({ events: EVENTS, random: seededRandom(SEED) }));
  return names.map((name) => ({
    name,
    script: join('bench', 'nexmark', 'run-one.js'),
    args: ['Forewarn', name, 'mem', folder, String(RUNS)],
    cost: ({ cpuSecs }) => cpuSecs!,
  }));
};

export const micros = ({ bench = 'operators', queries }: BenchOptions, folder: string): readonly Micro[] => {
  if (bench === 'operators') return operators(queries);
  if (bench === 'nexmark') return nexmark(queries, folder);
  throw new Error(`--bench: no "${bench}"; there are operators and nexmark`);
};

/** The least that a warm run took: what is above it is the machine's, not the code's. */
export const costIn = async (root: string, { script, args, cost }: Micro): Promise<number> => {
  const printed = await runProcess(process.execPath, [join(root, 'dist', script), ...args]);
  const lines = jsonLines(printed) as readonly Readonly<Record<string, number>>[];
  return Math.min(...lines.slice(1).map(cost));
};
