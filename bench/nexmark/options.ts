import { resolve } from 'node:path';
import { packageRoot } from '../../runtime/package-root.ts';
import type { BenchOptions } from '../bench.ts';
import { type Mode, modes } from './contender.ts';
import { isQueryName, type QueryName, queryNames } from './queries.ts';

export const optionsAbout = {
  queries: `which of ${queryNames.join(',')}; all of them if left out`,
  events: 'how many events to generate; 1000000 if left out',
  data: 'a folder with all.jsonl to take instead of generated events',
  modes: `which of ${modes.join(',')}; both if left out`,
  rounds: 'how often everyone is measured in turn; 3 if left out',
  runs: 'runs in one process, of which the first is cold; 3 if left out',
  who: 'contenders of ours: hand loop,RxJS,Forewarn; all of them if left out',
  peers: 'other engines to measure beside ours; see bench/nexmark/README.md',
  'peers-folder': 'where the sources of the other engines are; ../shared/peers if left out',
} as const;

export interface NexmarkOptions {
  readonly queries: readonly QueryName[];
  readonly events: number;
  readonly data: string | null;
  readonly modes: readonly Mode[];
  readonly rounds: number;
  readonly runs: number;
  readonly who: readonly string[];
  readonly peers: readonly string[];
  readonly peersFolder: string;
}

/** The contenders whose code is ours. The hand loop is always among them, since all ratios are to it. */
export const ownContenders = ['hand loop', 'RxJS', 'Forewarn'] as const;

const list = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** All of `known` where the option is left out; refuses what is not known. */
const someOf = <T extends string>(
  name: string,
  text: string | undefined,
  known: readonly T[],
): readonly T[] => {
  if (text === undefined) return known;
  const wanted = list(text);
  const unknown = wanted.find((one) => !(known as readonly string[]).includes(one));
  if (unknown !== undefined) throw new Error(`--${name}: no "${unknown}"; there are ${known.join(', ')}`);
  return known.filter((one) => wanted.includes(one));
};

const count = (name: string, text: string | undefined, otherwise: number): number => {
  const number = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name}: "${text}" is not a whole number from 1 on`);
  return number;
};

export const parseOptions = (options: BenchOptions): NexmarkOptions => ({
  queries: someOf('queries', options['queries'], queryNames).filter(isQueryName),
  events: count('events', options['events'], 1_000_000),
  data: options['data'] === undefined ? null : resolve(options['data']),
  modes: someOf('modes', options['modes'], modes),
  rounds: count('rounds', options['rounds'], 3),
  runs: count('runs', options['runs'], 3),
  who: ['hand loop', ...someOf('who', options['who'], ownContenders).filter((who) => who !== 'hand loop')],
  peers: list(options['peers']),
  peersFolder: resolve(options['peers-folder'] ?? resolve(packageRoot, '..', 'shared', 'peers')),
});
