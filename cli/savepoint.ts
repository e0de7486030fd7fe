import type { Config } from '../runtime/config/config.ts';
import type { SavepointFacts } from '../runtime/savepoint/savepoint.ts';
import { openSnapshots } from '../runtime/wire/open-snapshots.ts';
import { type Savepoints, savepointsOf } from '../runtime/wire/savepoints.ts';
import { openStoppedKafkaLine, openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { columns } from './columns.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { shippedBy } from './definitions.ts';
import { runningProcess } from './running-process.ts';

type Verbs = Pick<Savepoints, 'create' | 'list' | 'delete'>;

/** `forewarn savepoint create <name>`, by the process that runs, or from the data folder when none does. */
export const createSavepointCommand = async (name: string, options: ConfigOptions): Promise<void> => {
  const made = await withSavepoints(configFrom(options), 'create', (savepoints) => savepoints.create(name));
  const bytes = made.tasks.reduce((sum, task) => sum + task.bytes, 0);
  console.log(
    `savepoint "${made.name}" at log time ${new Date(made.at).toISOString()}: ${made.tasks.length} tasks, ${bytes} bytes of state; the log is kept from here on until it is deleted`,
  );
};

/** `forewarn savepoint list` */
export const listSavepointsCommand = async (
  options: ConfigOptions & { readonly json?: boolean },
): Promise<void> => {
  const found = await withSavepoints(configFrom(options), 'list', (savepoints) => savepoints.list());
  if (options.json === true) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0)
    console.log('there is no savepoint; make one with forewarn savepoint create <name>');
  else
    console.log(
      columns(['name', 'log time', 'version', 'generation', 'tasks', 'steps with state'], found.map(cellsOf)),
    );
};

/** `forewarn savepoint delete <name>` */
export const deleteSavepointCommand = async (name: string, options: ConfigOptions): Promise<void> => {
  await withSavepoints(configFrom(options), 'delete', (savepoints) => savepoints.delete(name));
  console.log(`savepoint "${name}" is deleted; the log may go on without what it held`);
};

const withSavepoints = async <T>(
  config: Config,
  verb: keyof Verbs,
  work: (savepoints: Verbs) => Promise<T>,
): Promise<T> => {
  const running = await runningProcess(config);
  if (running !== undefined) {
    return work({
      create: (name) => running.post<SavepointFacts>('/v1/savepoints', { name }),
      list: () => running.get<readonly SavepointFacts[]>('/v1/savepoints'),
      delete: (name) => running.delete(`/v1/savepoints/${encodeURIComponent(name)}`),
    });
  }
  const { kafka } = config.log;
  const line =
    kafka === undefined
      ? await openStoppedLine(config.dataFolder)
      : await openStoppedKafkaLine(
          { ...config, log: { ...config.log, kafka } },
          { isAlone: verb === 'create', note: (said) => console.error(said) },
        );
  try {
    const { data, marker, log } = line;
    const snapshots = await openSnapshots({ settings: config.snapshots, data, marker });
    return await work(
      savepointsOf({
        data,
        marker,
        log,
        pipelines: shippedBy(config),
        clickhouse: config.clickhouse,
        snapshots,
      }),
    );
  } finally {
    await line.close();
  }
};

const cellsOf = ({ name, at, codeVersion, generation, tasks, graph }: SavepointFacts): readonly string[] => [
  name,
  new Date(at).toISOString().slice(0, 19),
  codeVersion,
  String(generation),
  String(tasks.length),
  String(graph.steps.filter(({ parts }) => parts.length > 0).length),
];
