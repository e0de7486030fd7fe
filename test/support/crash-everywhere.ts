import { seededRandom } from '../../models/training/seeded-random.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { type Content, refuseOther, shortened } from './crash-content.ts';
import { type CrashScene, diskWithDataFolder, live, type Sent } from './crash-life.ts';
import { type SceneOptions, sceneOf } from './crash-scene.ts';
import { makeTables } from './crash-tables.ts';
import { allKinds, Died, type PointKind, ProtocolPoints } from './protocol-points.ts';
import { SeenRecords } from './seen-records.ts';

export interface CrashOptions extends SceneOptions {
  /** Kinds of points to die at; all of them where nothing is said. */
  readonly kinds?: readonly PointKind[];
  /** Die at every one of the points, or at every so many, from a first one that the seed chooses. */
  readonly every?: number;
  /** Decides what a dead machine's disk keeps, and whether the next life dies too. */
  readonly seed?: number;
}

export interface CrashReport {
  /** How often a process died in the middle of a run. */
  readonly deaths: number;
  /** Names of the points at which it did. */
  readonly points: readonly string[];
  /** `rows hash` of each partition of each topic and of each table, the same after every one of the deaths. */
  readonly content: Readonly<Record<string, string>>;
}

/**
 * Runs pipelines on an input once undisturbed, and then once for each protocol point (before and after each write,
 * sync, rename and removal of the disk, each append and commit of the log, each insert), where the process or the
 * whole machine dies. Started again on what the disk has kept, it must come to the same topics and the same tables,
 * and nobody may miss what was acknowledged to him or what he had read. Throws with the point and the seed where it
 * does not. The log, the engine and the mirrors are the real ones, the disk is simulated; ClickHouse, where it is
 * given, is real.
 */
export const crashEverywhere = async (
  pipelines: Pipeline | readonly Pipeline[],
  input: readonly Sent[],
  options: CrashOptions = {},
): Promise<CrashReport> => {
  const { every = 1, seed = 1 } = options;
  const scene = sceneOf(pipelines, input, options);
  const undisturbed = await trial(scene, options, undefined);
  const points: string[] = [];
  for (let at = every === 1 ? 0 : seed % every; ; at += every) {
    const death = { at, kinds: new Set(options.kinds ?? allKinds), seed };
    const { died, lives, content } = await trial(scene, options, death);
    refuseOther(undisturbed.content, content, `died ${lives.join(', then ')} (point ${at}, seed ${seed})`);
    if (!died) return { deaths: points.length, points, content: shortened(undisturbed.content) };
    points.push(lives[0]!);
  }
};

interface PlannedDeath {
  readonly at: number;
  readonly kinds: ReadonlySet<PointKind>;
  readonly seed: number;
}

interface Trial {
  readonly died: boolean;
  /** Where each life ended that did not come to its end. */
  readonly lives: readonly string[];
  readonly content: Content;
}

/** Points among which later lives of some runs die: those of opening and recovery, or most of a run. */
const LATER_DEATH_WITHIN = [60, 400];
const MOST_DEATHS = 4;

const trial = async (
  scene: CrashScene,
  { clickHouse }: CrashOptions,
  death: PlannedDeath | undefined,
): Promise<Trial> => {
  const random = seededRandom((death?.seed ?? 0) * 1_000_003 + (death?.at ?? 0));
  const chance = (below: number): number => Math.floor(random() * below);
  const disk = await diskWithDataFolder();
  const tables = clickHouse === undefined ? undefined : await makeTables(clickHouse.url, scene.mirrored);
  const seen = new SeenRecords(scene.partitions);
  const outlives = { disk, client: tables?.client, acknowledged: new Set<number>(), seen };
  const lives: string[] = [];
  /** Answers whether it died, by a point or with the machine. */
  const liveUntil = async (points: ProtocolPoints): Promise<boolean> => {
    try {
      await live(scene, outlives, points);
    } catch (error) {
      if (points.died === undefined) throw error;
    }
    if (points.died === undefined) return false;
    const isPowerLoss = chance(3) > 0;
    lives.push(
      `${points.died.message.replace(/^the process died /, '')}${isPowerLoss ? ' with its disk' : ''}`,
    );
    if (isPowerLoss) disk.losePower(chance);
    else disk.loseProcess();
    return true;
  };
  try {
    const died = await liveUntil(new ProtocolPoints(death));
    while (died && lives.length < MOST_DEATHS && chance(2) === 0) {
      const at = chance(LATER_DEATH_WITHIN[chance(2)]!);
      if (!(await liveUntil(new ProtocolPoints({ at, kinds: allKinds })))) break;
    }
    if (died) await liveUntil(new ProtocolPoints());
    return { died, lives, content: new Map([...seen.content, ...((await tables?.content()) ?? [])]) };
  } catch (error) {
    if (error instanceof Died) throw error;
    const where = lives.length === 0 ? 'undisturbed' : `died ${lives.join(', then ')}`;
    const which = death === undefined ? '' : ` (point ${death.at}, seed ${death.seed})`;
    throw new Error(`${where}${which}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    await tables?.remove();
  }
};
