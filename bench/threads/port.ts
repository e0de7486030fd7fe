import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { workerUrl } from '../../models/worker-url.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import { serveLog } from '../../runtime/log/port/serve-log.ts';
import type { Table } from '../table.ts';
import { withTempFolder } from '../temp-folder.ts';
import { type LogUse, useLog, type Used } from './use-log.ts';

/** What using the log cost, with the CPU of all threads by record that was committed and read. */
interface Cost extends Used {
  readonly cpuUs: number;
}

export interface PortUse extends LogUse {
  readonly here: Cost;
  readonly there: Cost;
}

const topics = { rows: 1 };
const ROUNDS = 3;
const uses: readonly LogUse[] = [
  { records: 200_000, inCommit: 10, valueBytes: 600 },
  { records: 400_000, inCommit: 1_000, valueBytes: 600 },
];

const inThread = async (log: EmbeddedLog, use: LogUse): Promise<Used> => {
  const { port1, port2 } = new MessageChannel();
  const stop = serveLog(port1, { log, topics, producers: ['bench/0'] });
  const worker = new Worker(workerUrl(import.meta.url, 'port-worker'), {
    workerData: { port: port2, use },
    transferList: [port2],
  });
  try {
    return await new Promise<Used>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    stop();
    await worker.terminate();
  }
};

const costOf = async ({ records }: LogUse, work: (log: EmbeddedLog) => Promise<Used>): Promise<Cost> => {
  const cpu = process.cpuUsage();
  const used = await withLog(work);
  const { user, system } = process.cpuUsage(cpu);
  return { ...used, cpuUs: (user + system) / records };
};

/** The same records committed and read from the thread of the log, and from another. */
export const measurePort = async (say: (line: string) => void): Promise<readonly PortUse[]> => {
  const all: PortUse[] = [];
  for (const use of uses) {
    const rounds: PortUse[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      say(`threads: the port, commits of ${use.inCommit} rows, round ${round} of ${ROUNDS}`);
      const here = await costOf(use, (log) => useLog(log, use));
      const there = await costOf(use, (log) => inThread(log, use));
      rounds.push({ ...use, here, there });
    }
    all.push(rounds.toSorted((a, b) => a.there.cpuUs - b.there.cpuUs)[1]!);
  }
  return all;
};

const withLog = <T>(work: (log: EmbeddedLog) => Promise<T>): Promise<T> =>
  withTempFolder(async (folder) => {
    const log = await EmbeddedLog.open({ folder: join(folder, 'log'), topics, time: 'recorded' });
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  });

export const portTable = (measured: readonly PortUse[]): Table => ({
  title: 'The log over a port: microseconds a record',
  columns: [
    { name: 'rows a commit' },
    { name: 'commit, same thread', digits: 2 },
    { name: 'commit, over the port', digits: 2 },
    { name: 'read, same thread', digits: 2 },
    { name: 'read, over the port', digits: 2 },
    { name: 'CPU, same thread', digits: 2 },
    { name: 'CPU, over the port', digits: 2 },
  ],
  rows: measured.map(({ inCommit, here, there }) => [
    inCommit,
    here.commitUs,
    there.commitUs,
    here.readUs,
    there.readUs,
    here.cpuUs,
    there.cpuUs,
  ]),
});
