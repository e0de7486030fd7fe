import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../../runtime/package-root.ts';
import { connectClickHouse } from '../../../sinks/clickhouse/client.ts';
import { startEmbeddedClickHouse } from '../../../sinks/clickhouse/embedded/embedded-clickhouse.ts';
import type { tables } from '../../../sinks/clickhouse/tables.ts';
import type { TableContent } from '../../support/content-hash.ts';
import { startS3Server } from '../../support/s3-server.ts';
import { type GatedReceiver, startGatedReceiver } from '../../system/gated-receiver.ts';
import { configuration, contentsOf, type LineRun, type LineRunOptions } from '../../system/line-run.ts';
import { until } from '../../support/until.ts';
import { type Kill, type Played, playDay } from '../../system/play-day.ts';
import type { RunningLine } from '../../system/running-line.ts';
import { firstDifferences, rowsOf, withTables } from '../../system/table-contents.ts';
import { readForeign } from './foreign-reader.ts';
import { makeForeignTopic } from './foreign-topic.ts';
import { brokers, freshPrefix } from './kafka.ts';
import { type SharedLine, sharedLine } from './shared-line.ts';

export interface SharedEvent {
  /** The moment at which it happens. */
  readonly at: Kill;
  /** What becomes of the processes; the day goes on when it resolves, whatever is still on its way then. */
  readonly act: (line: SharedLine) => Promise<void>;
}

/** What happens beside the day, which goes on whatever it is. The last documents are sent when it is over. */
export interface Meanwhile {
  /** About so long; the documents are spread over it. */
  readonly lastsMs: number;
  readonly run: (line: SharedLine) => Promise<void>;
}

export interface SharedRunOptions extends Pick<LineRunOptions, 'documents'> {
  readonly folder: string;
  readonly partitions: number;
  /** The same input, played to one process that nothing disturbed. */
  readonly alone: LineRun;
  readonly otherwise: NonNullable<LineRunOptions['otherwise']>;
  /** Brings up the processes that it begins with. */
  readonly begin: (line: SharedLine) => Promise<void>;
  readonly events?: readonly SharedEvent[];
  readonly meanwhile?: Meanwhile;
  /** Where its topics are; the broker of all test files where nothing is said. */
  readonly at?: readonly string[];
  /** A topic of ours that is written to a topic of somebody else, too. */
  readonly copies?: string;
  /** As `log.kafka.standby`. */
  readonly standby?: 0 | 1;
  /** The member whose page people look at; any of them without it. */
  readonly desk?: string;
  /** How many worker threads a member has; none without it. */
  readonly workersOf?: (name: string) => number;
  /** How long the line may take to be whole again, whatever happens to it; four minutes without it. */
  readonly patienceMs?: number;
  /** Where the tables are at the end; `forewarn` without it. */
  readonly database?: string;
  /** When everything is sent and written, and nobody has stopped yet. */
  readonly atEnd?: (line: SharedLine) => Promise<void>;
}

export interface SharedRun {
  readonly played: Played;
  readonly receiver: GatedReceiver;
  readonly contents: Readonly<Record<string, TableContent>>;
  /** Rows of the topic that is copied, as text, sorted: as we have them, and as readers of what is committed find them there. */
  readonly copied: { readonly ours: readonly string[]; readonly theirs: readonly string[] };
  /** What each process said that was there at the end. */
  readonly outputs: () => readonly string[];
  /** How a table differs from that of the one process, in words. */
  readonly differences: (table: keyof typeof tables) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Plays recorded days to a line of several processes, which share a ClickHouse, an object store and a folder of models. */
export const sharedRun = async (options: SharedRunOptions): Promise<SharedRun> => {
  const {
    folder,
    partitions,
    documents,
    alone,
    otherwise,
    events = [],
    at = brokers,
    desk,
    workersOf,
    patienceMs,
    standby = 0,
    copies,
    database = 'forewarn',
  } = options;
  const prefix = freshPrefix();
  const copy = `${prefix}-theirs`;
  if (copies !== undefined) await (await makeForeignTopic(at, copy, { partitions: 2 })).close();
  await mkdir(folder, { recursive: true });
  const store = await startS3Server('forewarn');
  const clickhouse = await startEmbeddedClickHouse({ folder: join(folder, 'clickhouse') });
  const receiver = await startGatedReceiver();
  const close = async (): Promise<void> => {
    await receiver.close();
    await clickhouse.stop();
    await store.close();
  };
  await cp(join(packageRoot, 'models', 'registry'), join(folder, 'models'), { recursive: true });
  const config = join(folder, 'forewarn.yaml');
  const names = at.map((broker) => `"${broker}"`).join(', ');
  await writeFile(
    config,
    configuration({
      receiverUrl: receiver.url,
      partitions,
      kafka: `{ brokers: [${names}], prefix: ${prefix}, group: line, session: 6s, standby: ${standby} }`,
      clickhouse: `, url: "${clickhouse.url}"`,
      models: `, folder: "${join(folder, 'models')}"`,
      more: [
        `snapshots: { s3: { endpoint: "${store.url}", pathStyle: true } }\n`,
        ...(copies === undefined
          ? []
          : [
              `sinks: { kafka: { brokers: [${names}], prefix: ${prefix}, topics: { ${copies}: { topic: ${copy} } } } }\n`,
            ]),
      ].join(''),
    }),
  );
  const environment = {
    RECEIVER_SECRET: receiver.secret,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const line = await sharedLine({ folder, config, environment, partitions, desk, workersOf, patienceMs });
  const left = [...events];
  /** All of them as one line: some of it dies, and it goes on as what is left. */
  const whole: RunningLine = {
    pid: -1,
    url: line.url,
    output: () => line.members.map(({ name, output }) => `${name}: ${output()}`).join('\n'),
    send: () => undefined,
    exited: Promise.resolve({ code: 0, signal: null }),
    kill: () => left.shift()!.act(line),
  };
  try {
    await options.begin(line);
    const { busyAfter } = alone.played;
    const kills = events.map(({ at }) => at);
    const { pace, over } = besideDay(options, line);
    const day = playDay({
      documents,
      receiver,
      start: async () => whole,
      busyAfter,
      kills,
      pace,
      patienceMs,
    });
    const [played] = await Promise.race([Promise.all([day, over]), line.fell]);
    await options.atEnd?.(line);
    const copied = {
      ours: copies === undefined ? [] : await textsIn(at, `${prefix}.${copies}`),
      theirs: [] as readonly string[],
    };
    await until('all is copied', async () => {
      copied.theirs = copies === undefined ? [] : await textsIn(at, copy);
      return copied.theirs.length >= copied.ours.length;
    });
    const atTheEnd = [...line.members];
    await line.stop();
    const client = connectClickHouse({ url: clickhouse.url, database });
    const contents = await contentsOf(client, otherwise);
    await client.close();
    const differences = async (table: keyof typeof tables): Promise<string> => {
      if (alone.contents[table]?.hash === contents[table]?.hash) return '';
      const found = connectClickHouse({ url: clickhouse.url, database });
      const said = firstDifferences(
        await withTables(alone.data, (wanted) => rowsOf(wanted, table)),
        await rowsOf(found, table),
      );
      await found.close();
      return said;
    };
    const outputs = (): readonly string[] => atTheEnd.map(({ output }) => output());
    return { played, receiver, contents, copied, outputs, differences, close };
  } catch (error) {
    console.error(whole.output());
    console.error(await line.said());
    await close();
    throw error;
  }
};

/** What readers of what is committed find in a topic, sorted. */
const textsIn = async (at: readonly string[], topic: string): Promise<readonly string[]> =>
  (await readForeign(at, topic)).map(({ value }) => String(value)).sort();

/** So many documents come when nothing is disturbed any more, so that everybody takes some. */
const CALM_DOCUMENTS = 12;

const besideDay = (
  { documents, meanwhile }: SharedRunOptions,
  line: SharedLine,
): { readonly pace: (index: number) => Promise<void>; readonly over: Promise<void> } => {
  if (meanwhile === undefined) return { pace: () => Promise.resolve(), over: Promise.resolve() };
  const begun = performance.now();
  const over = meanwhile.run(line);
  const spread = documents.length - CALM_DOCUMENTS;
  return {
    over,
    pace: (index) =>
      index >= spread
        ? over
        : sleep(Math.max(0, begun + (index * meanwhile.lastsMs) / spread - performance.now())),
  };
};
