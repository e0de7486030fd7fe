import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { encodeMirrorState, mirrorProducer } from '../../sinks/clickhouse/mirror-state.ts';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import type { Config } from '../config/config.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { Pipeline } from '../graph.ts';
import { commitFrame } from '../log/commit-frame.ts';
import type { Frame } from '../log/frame.ts';
import { planFor } from '../savepoint/plan.ts';
import { rewind } from '../savepoint/rewind.ts';
import type { SavepointFacts } from '../savepoint/savepoint.ts';
import { SavepointStore } from '../savepoint/store.ts';
import { type DataFolderMarker, MARKER, markerText, openDataFolder, readMarker } from './data-folder.ts';
import { graphOf, refuseKafka, SAVEPOINTS } from './savepoints.ts';
import { mirrorRoutes } from './start-storage.ts';
import { addressOf } from './tables-of.ts';

export interface RewindFolderOptions {
  /** Data folder of the savepoint, and the folder to be made. */
  readonly from: string;
  readonly to: string;
  readonly savepoint: string;
  readonly pipelines: readonly Pipeline[];
  readonly clickhouse: Config['clickhouse'];
  /** Where the log of the run is to be. */
  readonly log: DataFolderMarker['log'];
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
  refuseKafka('--from-savepoint', options.log === 'embedded' ? marker : options);
  const savepoints = new SavepointStore(join(resolve(from), SAVEPOINTS));
  const savepoint = await savepoints.load(options.savepoint);
  const made = readMarker(to);
  if (made?.madeFrom === savepoint.id) return;
  if (resolve(from) === resolve(to)) {
    throw new ForewarnError(
      'FW324',
      `${resolve(to)} holds what came after savepoint "${savepoint.name}"; give --data a folder that is not there`,
    );
  }
  refuseTables(savepoint, options.clickhouse);
  refuseMisfit(savepoint, pipelines, marker.partitions, options.allowLoss);
  const data = openDataFolder(from);
  try {
    const generation = marker.generation + 1;
    const { left } = await rewind({
      from: data.path,
      to,
      savepoint,
      savepoints,
      marker: {
        name: MARKER,
        text: markerText({ ...marker, generation, madeFrom: savepoint.id }),
      },
      fillsTables: (producer) => producer.startsWith('mirror/'),
      beginTables: (begins) => tableBegins(begins, marker.partitions, generation),
    });
    note(
      `${resolve(to)} begins at savepoint "${savepoint.name}" (generation ${generation}); ${left} commits made since are left behind`,
    );
  } finally {
    data.release();
  }
};

/** Rows of after the savepoint cannot be taken out of a table again, so the tables are filled elsewhere. */
const refuseTables = ({ name, tables }: SavepointFacts, clickhouse: Config['clickhouse']): void => {
  const { database } = clickhouse;
  const url = addressOf(clickhouse);
  if (tables === null || tables.url !== url || tables.database !== database) return;
  throw new ForewarnError(
    'FW324',
    `database "${database}" at ${url} holds rows of after savepoint "${name}"; set clickhouse.database to a new name`,
  );
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

/** Every table is filled again from the first row that the log still has, under tokens of its own. */
const tableBegins = (
  begins: ReadonlyMap<string, number>,
  partitions: number,
  generation: number,
): readonly Frame[] => {
  const counts = partitionsByTopic(partitions);
  return mirrorRoutes.flatMap(({ topic, table }) =>
    Array.from({ length: counts[topic] ?? 0 }, (_, partition) => {
      const next = begins.get(`${topic}/${partition}`) ?? 0;
      const state = encodeMirrorState({ next, sealedTo: next, more: [], epoch: 1, generation });
      const commit = { producer: mirrorProducer(table, partition), epoch: 1, frontier: 0, writes: [], state };
      return commitFrame(commit, 0, () => 0);
    }),
  );
};

/** Whether a path is a savepoint's own folder: `…/savepoints/before-upgrade`. */
export const savepointAt = (given: string): { readonly from: string; readonly name: string } | undefined => {
  const path = resolve(given);
  if (!existsSync(join(path, 'savepoint.json'))) return undefined;
  return { from: resolve(path, '..', '..'), name: basename(path) };
};
