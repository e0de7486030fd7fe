import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Disk, nodeDisk } from '../../runtime/disk.ts';
import { live } from '../support/crash-life.ts';
import { crashPipelines, crashRows } from '../support/crash-pipelines.ts';
import { sceneOf } from '../support/crash-scene.ts';
import { allKinds, ProtocolPoints } from '../support/protocol-points.ts';
import { hashOf, SeenRecords } from '../support/seen-records.ts';

/** What a run that came to its end says of itself. */
export interface Told {
  readonly points: readonly string[];
  /** `rows hash` by `topic/partition`. */
  readonly content: Readonly<Record<string, string>>;
}

/** This machine's disk, below a folder. */
const below = (root: string): Disk => ({
  open: (path, flags) => nodeDisk.open(join(root, path), flags),
  readdir: (path) => nodeDisk.readdir(join(root, path)),
  mkdir: async (path) => (await nodeDisk.mkdir(join(root, path)))?.slice(root.length),
  rename: (from, to) => nodeDisk.rename(join(root, from), join(root, to)),
  unlink: (path) => nodeDisk.unlink(join(root, path)),
  syncFolder: (path) => nodeDisk.syncFolder(join(root, path)),
});

/** A process that sends and works on a small input, and that the system ends at a point of its own choice. */
const main = async (): Promise<void> => {
  const root = process.env['KILL_FOLDER'] ?? '';
  const at = Number(process.env['KILL_AT'] ?? Infinity);
  const scene = sceneOf(crashPipelines(), crashRows(20), { retains: false });
  const seen = new SeenRecords(scene.partitions);
  const points = new ProtocolPoints({
    at,
    kinds: allKinds,
    kill: (name) => {
      writeSync(1, name);
      process.kill(process.pid, 'SIGKILL');
    },
  });
  // The sender has died too: it sends everything again, each document under its own id.
  await live(scene, { disk: below(root), client: undefined, acknowledged: new Set(), seen }, points);
  const told: Told = {
    points: points.names,
    content: Object.fromEntries([...seen.content].map(([name, lines]) => [name, hashOf(lines)])),
  };
  writeSync(1, JSON.stringify(told));
};

await main();
