import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { tables } from '../../sinks/clickhouse/tables.ts';
import type { RecordedDocument } from '../../sources/recorded-document.ts';
import { createWorld } from '../../sources/simulated/world.ts';
import { contentHash, type TableContent } from '../support/content-hash.ts';
import { type GatedReceiver, startGatedReceiver } from './gated-receiver.ts';
import { type Kill, type Played, playDay } from './play-day.ts';
import { startLine } from './running-line.ts';
import { withTables } from './table-contents.ts';

export const tableNames = Object.keys(tables) as readonly (keyof typeof tables)[];

/** Of what is sent again after a kill, it is true that it was tried twice. */
const maySayOtherwise: Partial<Record<(typeof tableNames)[number], readonly string[]>> = {
  action_results: ['attempts'],
};

const startAt = Date.parse('2026-01-05T00:00:00Z');

/** Days of a small world, each document at a millisecond of its own: log time is then what the documents say. */
export const recordedDays = (days: number): readonly RecordedDocument[] => {
  const world = createWorld({ seed: 20, startAt, shipmentsPerDay: 60, keepTruth: false });
  let last = 0;
  return world.advance(startAt + days * 86_400_000).map((document) => {
    last = Math.max(last + 1, Math.ceil(document.heardAt));
    return { ...document, heardAt: last };
  });
};

export interface LineRun {
  readonly data: string;
  /** It still listens; whoever ran the line closes it. */
  readonly receiver: GatedReceiver;
  readonly played: Played;
  /** Rows and hash of every table. */
  readonly contents: Readonly<Record<string, TableContent>>;
  readonly tookSec: number;
}

export interface LineRunOptions {
  /** Where data and configuration of all runs lie. */
  readonly folder: string;
  readonly name: string;
  readonly documents: readonly RecordedDocument[];
  readonly busyAfter?: ReadonlySet<number>;
  readonly kills?: readonly Kill[];
  /** Where its log is, as YAML of one line; in its data folder where nothing is said. */
  readonly kafka?: string;
  /** Of the log; 2 where nothing is said. */
  readonly partitions?: number;
  /** Worker threads; none where nothing is said. */
  readonly workers?: number;
  /** Waited for before the document at this place is sent. */
  readonly pace?: (index: number) => Promise<void>;
  /** Called when all is done, before the line is asked to stop. */
  readonly beforeEnd?: (url: string) => Promise<void>;
  /** Columns, by table, that are another thing in another log: they are left out of the hashes. */
  readonly otherwise?: Readonly<Partial<Record<(typeof tableNames)[number], readonly string[]>>>;
}

/** Plays recorded days to the whole line in a process of its own, with a receiver that counts, and reads its tables. */
export const runLine = async (options: LineRunOptions): Promise<LineRun> => {
  const receiver = await startGatedReceiver();
  try {
    return await playTo(receiver, options);
  } catch (error) {
    await receiver.close();
    throw error;
  }
};

const playTo = async (
  receiver: GatedReceiver,
  { folder, name, kafka, partitions, workers, otherwise = {}, ...day }: LineRunOptions,
): Promise<LineRun> => {
  const data = join(folder, name);
  const config = join(folder, `${name}.yaml`);
  await writeFile(config, configuration({ receiverUrl: receiver.url, kafka, partitions, workers }));
  const environment = { RECEIVER_SECRET: receiver.secret };
  const begun = performance.now();
  const played = await playDay({ ...day, receiver, start: () => startLine({ config, data, environment }) });
  const tookSec = Math.round((performance.now() - begun) / 1_000);
  const contents = await withTables(data, (client) => contentsOf(client, otherwise));
  return { data, receiver, played, contents, tookSec };
};

/** Rows and hash of every table, without columns that may be another thing. */
export const contentsOf = async (
  client: ClickHouseClient,
  otherwise: NonNullable<LineRunOptions['otherwise']>,
): Promise<Record<string, TableContent>> => {
  const all: Record<string, TableContent> = {};
  for (const table of tableNames)
    all[table] = await contentHash(client, table, {
      final: tables[table].keeps === 'current',
      except: [...(maySayOtherwise[table] ?? []), ...(otherwise[table] ?? [])],
    });
  return all;
};

export interface LineConfiguration {
  readonly receiverUrl: string;
  readonly kafka?: string | undefined;
  readonly partitions?: number | undefined;
  readonly workers?: number | undefined;
  /** Settings of ClickHouse and others, beside those of every run. */
  readonly clickhouse?: string;
  readonly models?: string;
  readonly more?: string;
}

/** The `forewarn.yaml` of a line whose time is what its documents say. */
export const configuration = ({
  receiverUrl,
  kafka,
  partitions = 2,
  workers = 0,
  clickhouse = '',
  models = '',
  more = '',
}: LineConfiguration): string => {
  const destination = (name: string): string => `  ${name}:
    url: ${receiverUrl}
    secret: \${RECEIVER_SECRET}
    ratePerSec: 10000
    concurrency: 256
    timeoutMs: 120000
`;
  return `sources: { http: true }
log: { time: recorded, partitions: ${partitions}${kafka === undefined ? '' : `, kafka: ${kafka}`} }
engine: { checkpointMs: 50, patience: 12h, workers: ${workers} }
clickhouse: { flushMs: 200${clickhouse} }
# On a busy machine a score must not be answered by the fallback in one run and by the model in the other.
models: { timeoutMs: 60000${models} }
${more}destinations:
${['customer-notifications', 'tms', 'desk'].map(destination).join('')}`;
};
