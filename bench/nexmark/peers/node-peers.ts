import { join } from 'node:path';
import type { QueryName } from '../queries.ts';
import type { Peer } from './peer.ts';

const threadQueries: readonly QueryName[] = ['q0', 'q5', 'qij'];
const allQueries: readonly QueryName[] = ['q0', 'q1', 'q2', 'q5', 'q7', 'q8', 'qij'];

const nodePeer = (
  one: Pick<Peer, 'name' | 'about' | 'queries' | 'modes'> & {
    readonly argsOf: (query: QueryName, mode: string, data: string) => readonly string[];
  },
): Peer => ({
  name: one.name,
  about: one.about,
  part: 'node',
  tools: [],
  queries: one.queries,
  modes: one.modes,
  build: ({ folder }) => [
    {
      command: 'npm',
      args: ['install', '--no-save', '--no-package-lock', '--no-fund', '--no-audit', 'rxjs@7'],
      cwd: join(folder, 'node'),
      makes: join(folder, 'node', 'node_modules', 'rxjs'),
    },
  ],
  start: ({ folder }, { query, mode, data }) => ({
    command: process.execPath,
    args: one.argsOf(query, mode, data),
    cwd: join(folder, 'node'),
  }),
});

/** The peers' own loops and pipelines in Node: what ours are held against, so that no yardstick is a straw man. */
export const nodePeers: readonly Peer[] = [
  nodePeer({
    name: 'node-loop',
    about: 'a hand-written loop that is not ours, one thread; nothing is guaranteed',
    queries: allQueries,
    modes: ['mem', 'file'],
    argsOf: (query, mode, data) => ['loop.mjs', query, mode, data],
  }),
  nodePeer({
    name: 'node-rxjs',
    about: 'plain RxJS 7 that is not ours; nothing is guaranteed',
    queries: allQueries,
    modes: ['mem', 'file'],
    argsOf: (query, mode, data) => ['rx.mjs', query, mode, 'idiom', data],
  }),
  nodePeer({
    name: 'node-workers',
    about: 'hand-written loops in two worker threads; nothing is guaranteed',
    queries: threadQueries,
    modes: ['file'],
    argsOf: (query, _mode, data) => ['par2.mjs', query, data],
  }),
];
