import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../models/training/seeded-random.ts';
import type { Bench, Findings } from '../bench.ts';
import { withTempFolder } from '../temp-folder.ts';
import { type Expected, mismatch } from './check.ts';
import type { Mode } from './contender.ts';
import { writeEventFiles } from './event-files.ts';
import { forewarnQueries } from './forewarn.ts';
import { generateEvents } from './generate.ts';
import { Measured } from './measured.ts';
import { type NexmarkOptions, optionsAbout, parseOptions } from './options.ts';
import { inOneLine, preparePeers, startPeer } from './peers/peers.ts';
import { queries, type QueryName, queryNames } from './queries.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';
import { tablesOf } from './tables.ts';
import { rxjsQueries } from './yardsticks/plain-rxjs.ts';

const SEED = 1;

type Say = (line: string) => void;

/** Someone who is measured, and what they can run. */
interface Entrant {
  readonly who: string;
  readonly queries: readonly QueryName[];
  readonly modes: readonly Mode[];
  readonly start: (query: QueryName, mode: Mode) => Promise<readonly Run[]>;
  /** Wrong rows or a failure of ours end the bench; of others they are a finding. */
  readonly isOurs: boolean;
}

const ownQueries = (who: string): readonly QueryName[] => {
  if (who === 'RxJS') return rxjsQueries;
  return who === 'Forewarn' ? forewarnQueries : queryNames;
};

const ownEntrants = ({ who, modes, runs }: NexmarkOptions, data: string): readonly Entrant[] =>
  who.map((one) => ({
    who: one,
    queries: ownQueries(one),
    modes,
    start: (query, mode) => startRun({ who: one, query, mode, data, runs }),
    isOurs: true,
  }));

const refuseWrong = (run: Run, expected: Expected): void => {
  const problem = mismatch(run, expected);
  if (problem !== null) throw new Error(`nexmark: wrong rows: ${problem}`);
};

const askOracle = async (wanted: readonly QueryName[], data: string, say: Say) => {
  const expected = new Map<QueryName, Expected>();
  for (const query of wanted) {
    say(`nexmark: oracle, ${query}`);
    const [run] = await startRun({ who: 'oracle', query, mode: 'mem', data, runs: 1 });
    expected.set(query, run!);
  }
  return expected;
};

/** Where peers are built. It stays, since some take long to build. */
const place = { folder: join(tmpdir(), 'forewarn-peers'), temp: join(tmpdir(), 'forewarn-peers', 'temp') };

const peerEntrants = async (options: NexmarkOptions, data: string, events: number, say: Say) => {
  const { ready, leftOut } = await preparePeers(options.peers, options.peersFolder, place, say);
  const entrants = ready.map((peer): Entrant => ({
    who: peer.name,
    queries: peer.queries,
    modes: peer.modes.filter((mode) => options.modes.includes(mode)),
    start: (query, mode) => startPeer(peer, place, { query, mode, data, events }),
    isOurs: false,
  }));
  return { entrants, notes: [...ready.map(({ name, about }) => `${name}: ${about}.`), ...leftOut] };
};

/** Whoever went first in one round goes last in the next, so that nobody always follows the same neighbour. */
const rotated = <T>(list: readonly T[], by: number): readonly T[] => {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
};

const measure = async (options: NexmarkOptions, data: string, say: Say): Promise<Findings> => {
  const expected = await askOracle(options.queries, data, say);
  const events = Math.max(...[...expected.values()].map((one) => one.events));
  const peers = await peerEntrants(options, data, events, say);
  const entrants = [...ownEntrants(options, data), ...peers.entrants];
  const measured = new Measured();
  const findings = new Set<string>();
  for (let round = 0; round < options.rounds; round += 1) {
    for (const query of options.queries) {
      for (const mode of options.modes) {
        const able = entrants.filter((one) => one.queries.includes(query) && one.modes.includes(mode));
        for (const entrant of rotated(able, round)) {
          say(`nexmark: round ${round + 1} of ${options.rounds}, ${query}, ${mode}, ${entrant.who}`);
          try {
            const runs = await entrant.start(query, mode);
            measured.add(round, runs);
            for (const run of runs) refuseWrong(run, expected.get(query)!);
          } catch (error) {
            if (entrant.isOurs) throw error;
            findings.add(`${entrant.who}, ${query}, ${mode}: ${inOneLine(error as Error)}.`);
          }
        }
      }
    }
  }
  const who = entrants.map((one) => one.who);
  return {
    tables: tablesOf({ measured, queries: options.queries, modes: options.modes, who }),
    notes: [
      `${events.toLocaleString('en-US')} events${options.data === null ? `, generated from seed ${SEED}` : ''}; medians of ${options.rounds} rounds, in each of which everyone runs in turn, in a new process, ${options.runs} times: the first run is cold, the others warm. Peers in Java and Node run twice, the others once, cold.`,
      'mem: the events are objects in memory before the clock starts; file: reading and parsing JSON lines is part of the run.',
      'Peak memory is that of the whole process: in mem it holds all events as objects, of which a run uses what it needs. Lines: without blank lines, comments and imports.',
      "Rows and checksums of every run of ours are the oracle's, and so are those of peers but for what is said here.",
      ...findings,
      ...peers.notes,
      ...options.queries.map((query) => `${query}: ${queries[query].about}.`),
    ],
  };
};

/** Nexmark's queries as Forewarn definitions, beside the same in a hand-written loop, in RxJS, and in other engines. */
export const nexmarkBench: Bench = {
  name: 'nexmark',
  about: "events/s of Nexmark's queries, beside hand-written loops, plain RxJS and other engines",
  options: optionsAbout,
  run: (say, given) => {
    const options = parseOptions(given);
    if (options.data !== null) return measure(options, options.data, say);
    return withTempFolder((folder) => {
      say(`nexmark: generating ${options.events.toLocaleString('en-US')} events`);
      writeEventFiles(folder, generateEvents({ events: options.events, random: seededRandom(SEED) }));
      return measure(options, folder, say);
    });
  },
};
