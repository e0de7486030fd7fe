import { join } from 'node:path';
import type { QueryName } from '../queries.ts';
import type { Peer } from './peer.ts';

const rustPeer = (name: string, about: string, kind: string, queries: readonly QueryName[]): Peer => ({
  name,
  about,
  part: 'rust',
  tools: ['cargo'],
  queries,
  modes: ['file'],
  // Cargo knows itself what is built already.
  build: ({ folder }) => [
    { command: 'cargo', args: ['build', '--release', '--quiet'], cwd: join(folder, 'rust', 'nex') },
  ],
  start: ({ folder }, { query, data }) => ({
    command: join(folder, 'rust', 'nex', 'target', 'release', 'nex'),
    args: [query, kind, '1', '20000', data],
    cwd: join(folder, 'rust', 'nex'),
  }),
});

export const rustPeers: readonly Peer[] = [
  rustPeer('rust', 'a hand-written loop in Rust with serde, one thread; nothing is guaranteed', 'loop', [
    'q0',
    'q2',
    'q5',
  ]),
  rustPeer('dbsp', 'Feldera dbsp, one worker, steps of 20,000 events; nothing is guaranteed', 'dbsp', [
    'q0',
    'q2',
    'q5',
    'q8',
    'qij',
  ]),
];
