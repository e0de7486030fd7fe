import { join } from 'node:path';
import { actions, contracts, exceptions, partitionsByTopic, plans, signals } from '../../pipelines/topics.ts';
import { resolve } from '../../pipelines/resolve.ts';
import { workerUrl } from '../../models/worker-url.ts';
import type { Contract } from '../../domain/contract.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import type { TaskRecord } from '../../runtime/log/log.ts';
import type { Engine } from '../../runtime/engine.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { loadRules } from '../../runtime/rules/load-rules.ts';
import { createThreadedEngine } from '../../runtime/threads/threaded-engine.ts';
import type { Topic } from '../../runtime/topic.ts';
import { engineAlone } from '../engine-alone.ts';
import { withTempFolder } from '../temp-folder.ts';
import { contractAt, delayOf, planAt } from './open-shipments.ts';

const AT_ONCE = 5_000;
const PARTITIONS = 2;
/** Log time without a row after each append, in which what is to be done by shares is done. */
const QUIET_MS = 1_000;
/** One shipment in ten is worth so much that its exception is among the worst. */
const VALUE_MINOR = { most: 250_000, worst: 90_000_000 } as const;
const ONE_IN = 10;

/** Shipments under way, and who owns them. */
export interface WorldShape {
  readonly open: number;
  /** Share of all by customer. */
  readonly owners: Readonly<Record<string, number>>;
  /** One shipment in so many has an open exception. */
  readonly oneExceptionIn: number;
  /** Worker threads of the tasks; 0: all in the thread of the log. */
  readonly threads: number;
}

/** Where a partition of the exceptions or of the actions ended, at some time. */
export interface Place {
  readonly topic: typeof exceptions | typeof actions;
  readonly partition: number;
  readonly offset: number;
}

export interface World {
  readonly log: EmbeddedLog;
  /** Open shipments of a customer that have an exception, and those of them that have one of the worst. */
  readonly troubled: (customer: string) => readonly string[];
  readonly worst: (customer: string) => readonly string[];
  readonly owned: (customer: string) => number;
  /** Makes a contract of the customer durable. */
  readonly change: (customer: string, tier: Contract['tier']) => Promise<void>;
  /** Resolves when so many more exceptions are durable than at the call before; told of each look. */
  readonly untilMore: (rows: number, look?: (ends: readonly Place[]) => void) => Promise<void>;
  readonly ends: () => readonly Place[];
}

const shipmentId = (nth: number): string => `S-${nth}`;

/** A real line of `resolve` over a real log, in which every shipment has its plan and some have an open exception. */
export const withOpenWorld = <T>(
  { open, owners, oneExceptionIn, threads }: WorldShape,
  work: (world: World) => Promise<T>,
): Promise<T> =>
  withTempFolder(async (folder) => {
    const log = await EmbeddedLog.open({
      folder: join(folder, 'log'),
      topics: partitionsByTopic(PARTITIONS),
      time: 'recorded',
    });
    const { engine, failures } = resolving(log, join(folder, 'state'), threads);
    await engine.start();
    let at = Date.UTC(2026, 0, 5);
    let epoch = 0;
    const append = async <R>(topic: Topic<R>, rows: readonly R[]): Promise<void> => {
      const byPartition = new Map<number, TaskRecord[]>();
      at += 10_000;
      for (const [nth, row] of rows.entries()) {
        const key = topic.key(row);
        const partition = log.partitionFor(topic.name, key);
        const records = byPartition.get(partition) ?? [];
        records.push({ key, value: topic.write(row), heardAt: at + nth / 1_024 });
        byPartition.set(partition, records);
      }
      const writes = [...byPartition].map(([partition, records]) => ({
        topic: topic.name,
        partition,
        records,
      }));
      await log.commit({ producer: 'external', epoch: (epoch += 1), frontier: at + QUIET_MS, writes });
    };
    const ends = (): readonly Place[] =>
      [exceptions, actions].flatMap((topic) =>
        Array.from({ length: PARTITIONS }, (_, partition) => ({
          topic,
          partition,
          offset: log.end(topic.name, partition),
        })),
      );
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        if (failures.length > 0) throw failures[0];
        await new Promise((wait) => setTimeout(wait, 2));
      }
    };
    let versions = 0;
    const untilMore: World['untilMore'] = async (rows, look = () => undefined) => {
      versions += rows;
      await until(() => {
        const now = ends();
        look(now);
        const durable = now.reduce((sum, { topic, offset }) => sum + (topic === exceptions ? offset : 0), 0);
        return durable >= versions;
      });
    };
    const numbers = Array.from({ length: open }, (_, nth) => nth);
    const ownerOf = ownersOf(owners, open);
    const hasException = (nth: number): boolean => nth % oneExceptionIn === 0;
    const isWorst = (nth: number): boolean => nth % (ONE_IN * oneExceptionIn) === 0;
    const ofCustomer = (customer: string, which: (nth: number) => boolean): readonly string[] =>
      numbers.filter((nth) => ownerOf[nth] === customer && which(nth)).map(shipmentId);
    for (let from = 0; from < open; from += AT_ONCE) {
      const some = numbers.slice(from, from + AT_ONCE);
      const planned = some.map((nth) => ({
        ...planAt(shipmentId(nth), ownerOf[nth]!, at),
        valueMinor: isWorst(nth) ? VALUE_MINOR.worst : VALUE_MINOR.most,
      }));
      await append(plans, planned);
      const delayed = some.filter(hasException).map((nth) => delayOf(shipmentId(nth), at));
      await append(signals, delayed);
      await untilMore(delayed.length);
    }
    await until(() => engine.settled(at));
    const measured = await work({
      log,
      troubled: (customer) => ofCustomer(customer, hasException),
      worst: (customer) => ofCustomer(customer, isWorst),
      owned: (customer) => ownerOf.filter((owner) => owner === customer).length,
      change: (customer, tier) => append(contracts, [contractAt(customer, tier, at)]),
      untilMore,
      ends,
    });
    await engine.stop();
    await log.close();
    return measured;
  });

/** `resolve` in this thread, or in others. */
const resolving = (
  log: EmbeddedLog,
  stateFolder: string,
  threads: number,
): { readonly engine: Engine; readonly failures: readonly unknown[] } => {
  const pipelines = [resolve(loadRules(join(packageRoot, 'rules')))];
  if (threads === 0) return engineAlone({ pipelines, log, stateFolder, credit: 8, checkpointMs: 250 });
  const failures: unknown[] = [];
  const engine = createThreadedEngine({
    pipelines,
    log,
    topics: partitionsByTopic(PARTITIONS),
    threads,
    module: {
      file: workerUrl(import.meta.url, 'resolve-worker'),
      settings: () => ({ value: { stateFolder }, transfer: [] }),
    },
    onError: (error) => failures.push(error),
  });
  return { engine, failures };
};

const ownersOf = (owners: WorldShape['owners'], open: number): readonly string[] => {
  const named = Object.entries(owners).flatMap(([customer, share]) =>
    Array.from({ length: Math.round(share * open) }, () => customer),
  );
  return Array.from({ length: open }, (_, nth) => named[nth] ?? 'others');
};
