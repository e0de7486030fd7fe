import { seededRandom } from '../../models/training/seeded-random.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { refuseOther } from './crash-content.ts';
import { diskWithDataFolder, live, type Sent } from './crash-life.ts';
import { type SceneOptions, sceneOf } from './crash-scene.ts';
import { ProtocolPoints } from './protocol-points.ts';
import { SeenRecords } from './seen-records.ts';
import type { DiskOperation, SimulatedDiskOptions } from './simulated-disk.ts';

export interface FailOptions extends SceneOptions {
  /** `full`: the disk holds ever more bytes, by steps of `every`. `broken`: the n-th change of it fails, once. */
  readonly disk: 'full' | 'broken';
  readonly every?: number;
  readonly seed?: number;
}

export interface FailReport {
  /** Runs that were ended by the disk. */
  readonly failures: number;
  /** What their errors said, each once. */
  readonly errors: readonly string[];
}

const reads: ReadonlySet<DiskOperation['kind']> = new Set(['open', 'read', 'readdir']);

/**
 * Runs pipelines on an input with a disk that is full, or that fails, at every place where it can. Each time the
 * process must stop in order with FW302, nobody may have been told that something is safe that is not, and once the
 * disk is mended the next start must come to the same topics as an undisturbed run.
 */
export const failEverywhere = async (
  pipelines: Pipeline | readonly Pipeline[],
  input: readonly Sent[],
  options: FailOptions,
): Promise<FailReport> => {
  const scene = sceneOf(pipelines, input, options);
  const { every = 1, seed = 1 } = options;
  const fresh = async (faults: SimulatedDiskOptions) => {
    const disk = await diskWithDataFolder();
    disk.configure(faults);
    return {
      disk,
      client: undefined,
      acknowledged: new Set<number>(),
      seen: new SeenRecords(scene.partitions),
    };
  };
  const undisturbed = await fresh({});
  await live(scene, undisturbed, new ProtocolPoints());
  const errors = new Set<string>();
  for (let at = every === 1 ? 0 : seed % every, failures = 0; ; at += every) {
    const where = `disk ${options.disk} at ${at} (seed ${seed})`;
    const world = await fresh(options.disk === 'full' ? { capacityBytes: at } : breaksAt(at));
    let failure: unknown;
    try {
      await live(scene, world, new ProtocolPoints());
    } catch (error) {
      failure = error;
      if (!(error instanceof ForewarnError) || error.code !== 'FW302')
        throw new Error(`${where}: ${String(error)}`, { cause: error });
      errors.add(error.message.replaceAll(/'[^']*'/g, '…').replaceAll(/"[^"]*"/g, '…'));
      failures += 1;
    }
    world.disk.configure({});
    const random = seededRandom(seed * 1_000_003 + at);
    const chance = (below: number): number => Math.floor(random() * below);
    if (chance(2) === 0) world.disk.loseProcess();
    else world.disk.losePower(chance);
    try {
      await live(scene, world, new ProtocolPoints());
    } catch (error) {
      throw new Error(`${where}, started again: ${String(error)}`, { cause: error });
    }
    refuseOther(undisturbed.seen.content, world.seen.content, where);
    if (failure === undefined) return { failures, errors: [...errors] };
  }
};

const breaksAt = (at: number): SimulatedDiskOptions => {
  let changes = 0;
  return { fault: ({ kind }) => (!reads.has(kind) && changes++ === at ? 'EIO' : undefined) };
};
