import { randomUUID } from 'node:crypto';
import { partitionsByTopic } from '../../pipelines/topics.ts';
import type { Config } from '../config/config.ts';
import type { Pipeline } from '../graph.ts';
import { holderOf } from '../log/holders.ts';
import type { LineLog } from '../log/log.ts';
import { codeVersion } from '../package-root.ts';
import { createSavepoint, release } from '../savepoint/create-savepoint.ts';
import { stateGraphOf, type StateGraph } from '../savepoint/graph.ts';
import type { SavepointFacts } from '../savepoint/savepoint.ts';
import { SavepointStore } from '../savepoint/store.ts';
import type { SnapshotStore } from '../state/snapshot-store.ts';
import type { DataFolder, DataFolderMarker } from './data-folder.ts';
import { tablesFilledBy } from './filled-tables.ts';

export interface Savepoints {
  create(name: string): Promise<SavepointFacts>;
  list(): Promise<readonly SavepointFacts[]>;
  /** What it held of the log may go at the next retention. */
  delete(name: string): Promise<void>;
  /** Tells the log what the savepoints of the folder need: at the start, before anything is dropped. */
  hold(): Promise<void>;
}

export interface SavepointsOptions {
  readonly data: Pick<DataFolder, 'in'>;
  readonly marker: DataFolderMarker;
  readonly log: LineLog;
  readonly pipelines: readonly Pipeline[];
  readonly clickhouse: Config['clickhouse'];
  readonly snapshots: SnapshotStore;
}

export const SAVEPOINTS = 'savepoints';

/** The savepoints of a data folder that this process has. */
export const savepointsOf = ({
  data,
  marker,
  log,
  pipelines,
  clickhouse,
  snapshots,
}: SavepointsOptions): Savepoints => {
  const store = new SavepointStore(data.in(SAVEPOINTS));
  const { partitions, time, generation } = marker;
  // One after the other: two of one name would share their folder.
  let last: Promise<unknown> = Promise.resolve();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    create: (name) =>
      next(() =>
        createSavepoint({
          name,
          id: randomUUID(),
          log,
          snapshots,
          savepoints: store,
          graph: graphOf(pipelines, partitions),
          fillsTables,
          facts: {
            codeVersion,
            partitions,
            time,
            generation,
            tables: tablesFilledBy(clickhouse),
          },
        }),
      ),
    list: () => store.list(),
    delete: (name) =>
      next(async () => {
        const { id } = await store.load(name);
        await store.delete(name);
        await release(log, id);
      }),
    hold: async () => {
      for (const { id, holds } of await store.list()) log.hold(holderOf(id), new Map(Object.entries(holds)));
    },
  };
};

/** Producers that fill tables from the log: wherever it is taken back they begin anew. */
export const fillsTables = (producer: string): boolean => producer.startsWith('mirror/');

/** What of pipelines decides whether state fits; a topic of a pipeline's own has as many partitions as the rest. */
export const graphOf = (pipelines: readonly Pipeline[], partitions: number): StateGraph => {
  const known = partitionsByTopic(partitions);
  return stateGraphOf(pipelines, (topic) => known[topic] ?? partitions);
};
