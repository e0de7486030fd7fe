import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline } from '../graph.ts';
import { commitFrame } from '../log/commit-frame.ts';
import type { Frame } from '../log/frame.ts';
import type { WentBack } from '../log/kafka/take-back.ts';
import { planFor } from '../savepoint/plan.ts';
import { beginFolder, type BegunFolder, refuseFull, rewind } from '../savepoint/rewind.ts';
import type { SavepointFacts } from '../savepoint/savepoint.ts';
import { SavepointStore } from '../savepoint/store.ts';
import { type DataFolderMarker, MARKER, markerText, openDataFolder, readMarker } from './data-folder.ts';
import { refuseFilled, tablesFilledBy } from './filled-tables.ts';
import { rewindKafka, type RewindKafkaOptions } from './rewind-kafka.ts';
import { fillsTables, graphOf, SAVEPOINTS } from './savepoints.ts';
import { tableBegins } from './table-begins.ts';

export interface RewindFolderOptions {
  /** Data folder of the savepoint, and the folder to be made. */
  readonly from: string;
  readonly to: string;
  readonly savepoint: string;
  readonly pipelines: readonly Pipeline[];
  readonly clickhouse: Config['clickhouse'];
  /** Where the log of the run is to be. */
  readonly log: DataFolderMarker['log'];
  /** Where that is in Kafka. */
  readonly kafka?: Pick<RewindKafkaOptions, 'log' | 'snapshots'>;
  readonly allowLoss: boolean;
  readonly note: (line: string) => void;
}

/**
 * The data folder for `run --from-savepoint`: made once, of the next generation. A folder that was made from this
 * savepoint before is left as it is, so that the same command starts it again.
 */
export const rewindFolder = async (options: RewindFolderOptions): Promise<void> => {
  const { from, to, note, pipelines } = options;
  const marker = readMarker(from);
  if (marker === undefined)
    throw new ForewarnError('FW109', `${resolve(from)} is no data folder; give its path`);
  const savepoints = new SavepointStore(join(resolve(from), SAVEPOINTS));
  const savepoint = await savepoints.load(options.savepoint);
  if (marker.log !== options.log)
    throw new ForewarnError(
      'FW322',
      `savepoint "${savepoint.name}" is of another log (${marker.log}) than this run's (${options.log}); set log.kafka as it was, or let a new log.kafka.prefix hear all of it again with forewarn rehear`,
    );
  const made = readMarker(to);
  if (made?.madeFrom === savepoint.id) return;
  if (resolve(from) === resolve(to)) {
    throw new ForewarnError(
      'FW324',
      `${resolve(to)} holds what came after savepoint "${savepoint.name}"; give --data a folder that is not there`,
    );
  }
  const tables = tablesFilledBy(options.clickhouse);
  refuseFilled(tables, savepoint.tables === null ? [] : [savepoint.tables], savepoint.name);
  refuseMisfit(savepoint, pipelines, marker.partitions, options.allowLoss);
  const data = openDataFolder(from);
  const folderOf = (generation: number): BegunFolder => ({
    from: data.path,
    to,
    savepoint,
    savepoints,
    marker: { name: MARKER, text: markerText({ ...marker, generation, madeFrom: savepoint.id }) },
  });
  const copied = async (): Promise<WentBack> => {
    const generation = marker.generation + 1;
    const { left } = await rewind({
      ...folderOf(generation),
      fillsTables,
      beginTables: (begins) => tableFrames(begins, marker.partitions, generation),
    });
    return { generation, left };
  };
  const takenBack = async (kafka: NonNullable<typeof options.kafka>): Promise<WentBack> => {
    refuseFull(to);
    const stateFolder = savepoints.stateOf(savepoint.name);
    const back = await rewindKafka({ ...kafka, tables, savepoint, stateFolder, note });
    await beginFolder(folderOf(back.generation));
    return back;
  };
  try {
    const { generation, left } = await (options.kafka === undefined ? copied() : takenBack(options.kafka));
    note(
      `${resolve(to)} begins at savepoint "${savepoint.name}" (generation ${generation}); ${left} commits made since are left behind`,
    );
  } finally {
    data.release();
  }
};

const refuseMisfit = (
  savepoint: SavepointFacts,
  pipelines: readonly Pipeline[],
  partitions: number,
  allowLoss: boolean,
): void => {
  const { steps } = planFor(savepoint, graphOf(pipelines, partitions));
  const bad =
    steps.find(({ fate }) => fate === 'cannot') ?? steps.find(({ fate }) => !allowLoss && fate === 'loses');
  if (bad === undefined) return;
  throw new ForewarnError(
    'FW323',
    `savepoint "${savepoint.name}": step "${bad.step}" ${bad.fate === 'cannot' ? 'cannot keep' : 'loses'} its state: ${bad.reason}; ${bad.mend}`,
  );
};

const tableFrames = (
  begins: ReadonlyMap<string, number>,
  partitions: number,
  generation: number,
): readonly Frame[] =>
  [...tableBegins((topic, at) => begins.get(`${topic}/${at}`) ?? 0, partitions, generation)].map(
    ([producer, state]) => commitFrame({ producer, epoch: 1, frontier: 0, writes: [], state }, 0, () => 0),
  );

/** Whether a path is a savepoint's own folder: `…/savepoints/before-upgrade`. */
export const savepointAt = (given: string): { readonly from: string; readonly name: string } | undefined => {
  const path = resolve(given);
  if (!existsSync(join(path, 'savepoint.json'))) return undefined;
  return { from: resolve(path, '..', '..'), name: basename(path) };
};
