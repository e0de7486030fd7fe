import { cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { jsonLines, runProcess } from '../child-process.ts';
import type { Run } from '../run.ts';
import { javaPeers } from './java-peers.ts';
import { nodePeers } from './node-peers.ts';
import type { Peer, PeerRun, Place } from './peer.ts';
import { pythonPeers } from './python-peers.ts';
import { rustPeers } from './rust-peers.ts';

export const peers: readonly Peer[] = [...nodePeers, ...javaPeers, ...pythonPeers, ...rustPeers];

export interface Prepared {
  readonly ready: readonly Peer[];
  /** One line for each that was asked for and cannot run. */
  readonly leftOut: readonly string[];
}

const isThere = (tool: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)));

const LINE = 200;

/** What went wrong, short enough for a note. */
export const inOneLine = ({ message }: Error): string => {
  const line = message.replaceAll(/\s+/g, ' ').trim();
  return line.length > LINE ? `${line.slice(0, LINE)} …` : line;
};

/** Copies the sources of a peer to its place and builds them; says why not where it cannot. */
const prepare = async (peer: Peer, sources: string, place: Place): Promise<string | null> => {
  const missing = peer.tools.filter((tool) => !isThere(tool));
  if (missing.length > 0) return `${missing.join(' and ')} not found`;
  if (!existsSync(join(sources, peer.part))) return `no folder "${peer.part}" among the peers`;
  try {
    await cp(join(sources, peer.part), join(place.folder, peer.part), {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => !/\/(node_modules|target|out|v-[a-z]+)$/.test(path),
    });
    for (const { command, args, cwd, env, makes } of peer.build(place)) {
      if (makes === undefined || !existsSync(makes))
        await runProcess(command, args, { cwd, env: { ...env } });
    }
    return null;
  } catch (error) {
    return `cannot be built: ${inOneLine(error as Error)}`;
  }
};

/** Makes those that are asked for ready to run, one after the other. */
export const preparePeers = async (
  names: readonly string[],
  sources: string,
  place: Place,
  say: (line: string) => void,
): Promise<Prepared> => {
  await mkdir(place.temp, { recursive: true });
  const ready: Peer[] = [];
  const leftOut: string[] = [];
  for (const name of names) {
    const peer = peers.find((one) => one.name === name);
    if (peer !== undefined) say(`nexmark: building ${name}`);
    const why = peer === undefined ? 'no such peer' : await prepare(peer, sources, place);
    if (peer !== undefined && why === null) ready.push(peer);
    else leftOut.push(`${name} is left out: ${why}.`);
  }
  return { ready, leftOut };
};

interface PeerLine {
  readonly run: number;
  readonly secs: number;
  readonly rows: number;
  readonly sum: number;
  readonly rss: number;
  readonly cpu: number;
}

/** Runs a peer in a new process. Some of them do not know how many events there are, so we count for them. */
export const startPeer = async (peer: Peer, place: Place, run: PeerRun): Promise<readonly Run[]> => {
  const { command, args, cwd, env } = peer.start(place, run);
  const printed = await runProcess(command, args, { cwd, env: { ...env } });
  return (jsonLines(printed) as readonly PeerLine[]).map(({ run: nth, secs, rows, sum, rss, cpu }) => ({
    who: peer.name,
    q: run.query,
    mode: run.mode,
    run: nth,
    events: run.events,
    secs,
    eps: Math.round(run.events / secs),
    cpuSecs: cpu,
    rows,
    sum,
    rssMiB: rss,
  }));
};
