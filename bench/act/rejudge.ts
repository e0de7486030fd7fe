import { join } from 'node:path';
import type { Action } from '../../domain/action.ts';
import type { ShipmentException } from '../../domain/exception.ts';
import { actions, contracts, exceptions, partitionsByTopic, plans, signals } from '../../pipelines/topics.ts';
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
/** Log time without a row after each append, in which what is to be done by shares is done. */
const QUIET_MS = 1_000;
const ROWS_AS_JSON = 20_000;

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
  /** Of `JSON.stringify` alone, for the versions of exceptions and actions that it wrote. */
  readonly jsonCpuSeconds: number;
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
  await log.commit({ producer: 'external', epoch, frontier: at + QUIET_MS, writes });
};

const ended = (log: EmbeddedLog): number =>
  Array.from({ length: PARTITIONS }, (_, partition) => log.end(exceptions.name, partition)).reduce(
    (sum, end) => sum + end,
    0,
  );

/** Where each partition of what a re-judgement writes ends now. */
const endsOf = (log: EmbeddedLog): readonly Place[] =>
  [exceptions, actions].flatMap((topic) =>
    Array.from({ length: PARTITIONS }, (_, partition) => ({
      topic,
      partition,
      offset: log.end(topic.name, partition),
    })),
  );

interface Place {
  readonly topic: Topic<ShipmentException> | Topic<Action>;
  readonly partition: number;
  readonly offset: number;
}

/** CPU seconds of `JSON.stringify` alone for the rows that were written since, and their bytes; measured on some of them. */
const plain = async (
  log: EmbeddedLog,
  since: readonly Place[],
): Promise<{ readonly cpuSeconds: number; readonly bytes: number }> => {
  const rows: object[] = [];
  let written = 0;
  for (const { topic, partition, offset: from } of since) {
    const end = log.end(topic.name, partition);
    written += end - from;
    for (let offset = from, left = ROWS_AS_JSON / since.length; offset < end && left > 0;) {
      const records = await log.read(topic.name, partition, offset);
      rows.push(...records.map((record) => topic.read(record)));
      left -= records.length;
      offset = records.at(-1)!.offset + 1;
    }
  }
  const cpu = process.cpuUsage();
  let bytes = 0;
  for (const row of rows) bytes += JSON.stringify(row).length;
  const share = written / rows.length;
  return { cpuSeconds: secondsSince(cpu) * share, bytes: bytes * share };
};

const secondsSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
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
    const measured: Rejudged[] = [];
    let versions = shipments;
    for (const [customer, share] of Object.entries(SHARES)) {
      const own = Math.round(share * shipments);
      say(`act: the contract of ${own.toLocaleString('en-US')} open shipments changes`);
      const since = endsOf(log);
      const cpu = process.cpuUsage();
      const begun = performance.now();
      await appended(log, (epoch += 1), contracts, [contractAt(customer, 'guaranteed', at)], (at += 10_000));
      await until((versions += own));
      const seconds = (performance.now() - begun) / 1_000;
      const cpuSeconds = secondsSince(cpu);
      const json = await plain(log, since);
      measured.push({
        customer,
        open: shipments,
        shipments: own,
        seconds,
        cpuSeconds,
        jsonCpuSeconds: json.cpuSeconds,
        megabytes: json.bytes / 1e6,
      });
    }
    await engine.stop();
    await log.close();
    return measured;
  });
