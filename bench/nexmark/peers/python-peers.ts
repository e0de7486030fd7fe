import { join } from 'node:path';
import type { Peer, PeerRun } from './peer.ts';

const pythonPeer = (
  one: Pick<Peer, 'name' | 'about' | 'queries'> & {
    readonly packages: readonly string[];
    readonly argsOf: (run: PeerRun) => readonly string[];
  },
): Peer => ({
  name: one.name,
  about: one.about,
  part: 'py',
  tools: ['python3'],
  queries: one.queries,
  modes: ['file'],
  build: ({ folder }) => {
    const cwd = join(folder, 'py');
    const environment = `v-${one.name}`;
    const pip = join(environment, 'bin', 'pip');
    const script = 'python3 -m venv "$0" && "$1" install -q "${@:2}" && touch "$0/built"';
    return [
      {
        command: 'bash',
        args: ['-c', script, environment, pip, ...one.packages],
        cwd,
        makes: join(cwd, environment, 'built'),
      },
    ];
  },
  start: ({ folder }, run) => ({
    command: join(`v-${one.name}`, 'bin', 'python'),
    args: one.argsOf(run),
    cwd: join(folder, 'py'),
    env: { DIR: run.data, N: String(run.events) },
  }),
});

export const pythonPeers: readonly Peer[] = [
  pythonPeer({
    name: 'bytewax',
    about: 'Bytewax, one worker; nothing is guaranteed',
    queries: ['q0', 'q1', 'q2', 'q5', 'q7', 'q8', 'qij'],
    packages: ['bytewax==0.21.1', 'orjson', 'psutil'],
    argsOf: ({ query, events }) => ['bytewax_nex.py', query, '1', String(events)],
  }),
  pythonPeer({
    name: 'pathway',
    about: 'Pathway, one worker, as a batch; nothing is guaranteed',
    queries: ['q0', 'q1', 'q2', 'q5', 'q7', 'q8', 'qij'],
    packages: ['pathway==0.33.0', 'orjson', 'psutil'],
    argsOf: ({ query }) => ['pathway_nex.py', query, '1'],
  }),
];
