import type { Mode } from '../contender.ts';
import type { QueryName } from '../queries.ts';

/** Where a peer is built and runs: a folder outside of the repository. */
export interface Place {
  readonly folder: string;
  /** A folder for what a peer leaves behind while it runs. */
  readonly temp: string;
}

export interface PeerRun {
  readonly query: QueryName;
  readonly mode: Mode;
  /** Absolute path of the data folder. */
  readonly data: string;
  readonly events: number;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Another engine that is measured beside ours: what it needs, how it is built, how it is started. */
export interface Peer {
  readonly name: string;
  /** What it is and what it guarantees as it is run here. */
  readonly about: string;
  /** The part of the peers' folder that it is made of. */
  readonly part: 'node' | 'java' | 'py' | 'rust';
  /** Commands that must be there. */
  readonly tools: readonly string[];
  readonly queries: readonly QueryName[];
  readonly modes: readonly Mode[];
  /** What must be run once before it can start, in turn; a step whose file is there already is passed over. */
  build(place: Place): readonly (Command & { readonly makes?: string })[];
  /** Prints a JSON line `{run, secs, rows, sum, rss, cpu}` for each run. */
  start(place: Place, run: PeerRun): Command;
}
