import type { Config } from '../config/config.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { KafkaLog } from '../log/kafka/kafka-log.ts';
import type { WentBack } from '../log/kafka/take-back.ts';
import type { FilledTables } from '../log/log.ts';
import type { SavepointFacts } from '../savepoint/savepoint.ts';
import { FolderSnapshots } from '../state/snapshots/folder-snapshots.ts';
import { refuseFilled } from './filled-tables.ts';
import { connectSnapshots } from './open-snapshots.ts';
import { type KafkaSettings, takeKafkaLog } from './open-log.ts';
import { tableBegins } from './table-begins.ts';

export interface RewindKafkaOptions {
  readonly log: KafkaSettings;
  readonly snapshots: Config['snapshots'];
  /** That it is to fill. */
  readonly tables: Pick<FilledTables, 'url' | 'database'> | null;
  readonly savepoint: SavepointFacts;
  /** Bases of the savepoint. */
  readonly stateFolder: string;
  readonly note: (line: string) => void;
}

const ATTEMPTS = 5;

/**
 * Takes the log back to a savepoint, with nobody else on it. Whoever began meanwhile, and has committed, is fenced, and its commits are left out
 * too: it is over when the log is found as it was left. Broken off, the same command goes on.
 */
export const rewindKafka = async (options: RewindKafkaOptions): Promise<WentBack> => {
  const { savepoint, note } = options;
  let left = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const log = await takeKafkaLog(options.log, note);
    try {
      const { generation } = log.savepoints;
      if (log.savepoints.isAt(savepoint.id)) return { generation, left };
      // What an attempt of this command has said is its own.
      if (attempt === 0) refuseFilled(options.tables, log.savepoints.filled, savepoint.name);
      left += await backTo(log, options);
    } finally {
      await log.close();
    }
  }
  throw new ForewarnError(
    'FW104',
    `Kafka topics ${options.log.kafka.prefix}.*: other processes write to them again and again; stop them first`,
  );
};

const backTo = async (log: KafkaLog, options: RewindKafkaOptions): Promise<number> => {
  const { savepoint, tables } = options;
  const { id, name, generation, cut, producers } = savepoint;
  if (producers === undefined)
    throw new ForewarnError(
      'FW322',
      `savepoint "${name}" is of a log that was in its data folder, and this run's is in Kafka; let it hear all of that again with forewarn rehear`,
    );
  const next = log.savepoints.generation + 1;
  const before = [
    ...log.savepoints.filled,
    ...(savepoint.tables === null ? [] : [{ generation, ...savepoint.tables }]),
  ];
  const filled = tables === null ? before : [...before, { generation: next, ...tables }];
  // Before anybody can begin in the new generation.
  await putBases(options, next);
  const begins = tableBegins((...place) => log.begin(...place), savepoint.partitions, next);
  return (await log.takeBack({ savepoint: { id, name, generation }, cut, producers, begins, filled })).left;
};

/** Where processes have no disk in common, what tasks begin with must be where all of them find it. */
const putBases = async (
  { snapshots: settings, savepoint, stateFolder }: RewindKafkaOptions,
  generation: number,
): Promise<void> => {
  if (settings.s3 === undefined) return;
  const from = new FolderSnapshots(stateFolder);
  const to = await connectSnapshots({ settings, stateFolder, generation });
  for (const { name } of savepoint.tasks) {
    const saved = await from.load(name);
    if (saved !== undefined) await to.save(name, saved.base, saved.states);
    else if ((await to.peek(name)) !== undefined)
      throw new ForewarnError(
        'FW322',
        `savepoint "${savepoint.name}": ${settings.s3.bucket} holds state of "${name}" of generation ${generation}, which an attempt to go back to another savepoint has left there; delete what lies below generation-${generation}`,
      );
  }
};
