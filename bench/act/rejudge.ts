import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { contracts, exceptions, partitionsByTopic, plans, signals } from '../../pipelines/topics.ts';
import { resolve } from '../../pipelines/resolve.ts';
import { wallClock } from '../../runtime/clock.ts';
import { createEngine } from '../../runtime/engine.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import type { TaskRecord } from '../../runtime/log/log.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import type { Topic } from '../../runtime/topic.ts';
import { withTempFolder } from '../temp-folder.ts';
import { contractAt, delayOf, planAt } from './open-shipments.ts';

const AT_ONCE = 5_000;
const PARTITIONS = 2;

/** Open shipments of each customer, one of whose contracts changes after the other. */
const SHARES: Readonly<Record<string, number>> = { small: 0.01, middle: 0.1, large: 0.89 };

export interface Rejudged {
  readonly customer: string;
  /** Open shipments in all, and those of the customer. */
  readonly open: number;
  readonly shipments: number;
  /** From the contract's append to the last new version being durable in the topic of exceptions. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Writing rows of the same bytes to a file with one fsync: what the disk and JSON cost alone. */
  readonly plainSeconds: number;
  readonly megabytes: number;
}

const appended = async <T>(
  log: EmbeddedLog,
  epoch: number,
  topic: Topic<T>,
  rows: readonly T[],
  at: number,
) => {
  const byPartition = new Map<number, TaskRecord[]>();
  for (const [nth, row] of rows.entries()) {
    const key = topic.key(row);
    const partition = log.partitionFor(topic.name, key);
    const records = byPartition.get(partition) ?? [];
    records.push({ key, value: topic.write(row), heardAt: at + nth / 1_024 });
    byPartition.set(partition, records);
  }
  const writes = [...byPartition].map(([partition, records]) => ({ topic: topic.name, partition, records }));
  await log.commit({ producer: 'external', epoch, frontier: at + rows.length / 1_024, writes });
};

const ended = (log: EmbeddedLog): number =>
  Array.from({ length: PARTITIONS }, (_, partition) => log.end(exceptions.name, partition)).reduce(
    (sum, end) => sum + end,
    0,
  );

/** JSON of so many exceptions to a file, durable: the yardstick beside which the whole step is seen. */
const plain = async (folder: string, log: EmbeddedLog): Promise<{ seconds: number; bytes: number }> => {
  const rows: object[] = [];
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    for (let offset = 0; offset < log.end(exceptions.name, partition);) {
      const records = await log.read(exceptions.name, partition, offset);
      rows.push(...records.map((record) => exceptions.read(record)));
      offset = records.at(-1)!.offset + 1;
    }
  const begun = performance.now();
  const file = await open(join(folder, 'plain.ndjson'), 'w');
  let bytes = 0;
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const text = rows
      .slice(from, from + AT_ONCE)
      .map((row) => JSON.stringify(row))
      .join('\n');
    bytes += (await file.write(Buffer.from(text))).bytesWritten;
  }
  await file.datasync();
  await file.close();
  return { seconds: (performance.now() - begun) / 1_000, bytes };
};

/** Contracts change while so many shipments have an open exception: of one in a hundred of them, one in ten, and of nearly all. */
export const measureRejudge = (
  shipments: number,
  say: (line: string) => void,
): Promise<readonly Rejudged[]> =>
  withTempFolder(async (folder) => {
    const rules = loadRules(join(packageRoot, 'rules'));
    const log = await EmbeddedLog.open({
      folder: join(folder, 'log'),
      topics: partitionsByTopic(PARTITIONS),
      time: 'recorded',
    });
    const failures: unknown[] = [];
    const engine = createEngine({
      pipelines: [resolve(rules)],
      log,
      stateFolder: join(folder, 'state'),
      services: {
        scorer: () => {
          throw new Error('no model is asked');
        },
      },
      observer: silentObserver,
      wall: wallClock,
      deadLetter: ({ error }) => {
        throw error;
      },
      onError: (error) => failures.push(error),
      credit: 8,
      checkpointMs: 250,
    });
    await engine.start();
    const until = async (rows: number): Promise<void> => {
      while (ended(log) < rows) {
        if (failures.length > 0) throw failures[0];
        await new Promise((wait) => setTimeout(wait, 2));
      }
    };
    let at = Date.UTC(2026, 0, 5);
    let epoch = 0;
    const ids = Array.from({ length: shipments }, (_, nth) => `S-${nth}`);
    const owners = Object.entries(SHARES).flatMap(([customer, share]) =>
      Array.from({ length: Math.round(share * shipments) }, () => customer),
    );
    const ownerOf = new Map(ids.map((id, nth) => [id, owners[nth]!]));
    say(`act: ${shipments.toLocaleString('en-US')} shipments get their plan and their delay`);
    for (let from = 0; from < shipments; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      const planned = some.map((id) => planAt(id, ownerOf.get(id)!, at));
      await appended(log, (epoch += 1), plans, planned, (at += 10_000));
      const delayed = some.map((id) => delayOf(id, at));
      await appended(log, (epoch += 1), signals, delayed, (at += 10_000));
      await until(from + some.length);
    }
    const { seconds: plainSeconds, bytes } = await plain(folder, log);
    const measured: Rejudged[] = [];
    let versions = shipments;
    for (const [customer, share] of Object.entries(SHARES)) {
      const own = Math.round(share * shipments);
      say(`act: the contract of ${own.toLocaleString('en-US')} open shipments changes`);
      const cpu = process.cpuUsage();
      const begun = performance.now();
      await appended(log, (epoch += 1), contracts, [contractAt(customer, 'guaranteed', at)], (at += 10_000));
      await until((versions += own));
      const seconds = (performance.now() - begun) / 1_000;
      const { user, system } = process.cpuUsage(cpu);
      measured.push({
        customer,
        open: shipments,
        shipments: own,
        seconds,
        cpuSeconds: (user + system) / 1e6,
        plainSeconds: plainSeconds * share,
        megabytes: (bytes * share) / 1e6,
      });
    }
    await engine.stop();
    await log.close();
    return measured;
  });
