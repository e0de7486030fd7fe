import type { ClickHouseClient } from '@clickhouse/client';
import type { z } from 'zod';
import { type Clock, wallClock } from '../../runtime/clock.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import type { Disk } from '../../runtime/disk.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import type { Services } from '../../runtime/step.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import type { Topic } from '../../runtime/topic.ts';
import { insertRows } from '../../sinks/clickhouse/insert-rows.ts';
import { Mirror } from '../../sinks/clickhouse/mirror.ts';
import { pointedDisk, pointedLog, type ProtocolPoints } from './protocol-points.ts';
import type { SeenRecords } from './seen-records.ts';
import { SimulatedDisk } from './simulated-disk.ts';

/** A row as the outside world sends it. */
export interface Sent {
  readonly topic: Pick<Topic<never>, 'name' | 'key' | 'write'>;
  /** Log time, in milliseconds; it rises from row to row. */
  readonly heardAt: number;
  readonly row: unknown;
}

export interface MirroredTopic {
  readonly topic: string;
  readonly table: string;
  readonly schema: z.ZodObject;
}

/** What does not change from life to life. */
export interface CrashScene {
  readonly pipelines: readonly Pipeline[];
  readonly input: readonly Sent[];
  /** Partitions by topic. */
  readonly partitions: Readonly<Record<string, number>>;
  readonly letters: Topic<unknown>;
  readonly mirrored: readonly MirroredTopic[];
  readonly services: Services;
  readonly segmentBytes: number;
  /** Whether what nobody needs is dropped from the log as it runs. */
  readonly retains: boolean;
  readonly compactAtBytes: number;
  readonly checkpointMs: number;
  readonly credit: number;
}

/** What outlives the process: its disk, its tables, and those who send to it and read from it. */
export interface Outlives {
  readonly disk: Disk;
  readonly client: ClickHouseClient | undefined;
  readonly acknowledged: Set<number>;
  readonly seen: SeenRecords;
}

/** As it is when the process begins: whoever made the data folder has made it durable. */
export const diskWithDataFolder = async (): Promise<SimulatedDisk> => {
  const disk = new SimulatedDisk();
  await disk.mkdir('/data');
  await disk.syncFolder('/');
  return disk;
};

/**
 * Each look at it is so many milliseconds after the one before: how much a task does at once, and when it commits,
 * then depends on nothing but what it does, and a point of one run is the same point of the next.
 */
const LOOK_MS = 3;
export const steppingClock = (): Clock => {
  let now = 0;
  return { now: () => (now += LOOK_MS) };
};

/** Longer than any pause of a run that is in order; who waits longer waits for something that does not come. */
const HANGS_AFTER_MS = 30_000;
/** Rows that are sent without waiting for each other. */
const BURSTS = [1, 3, 2];

/**
 * One life of a process: opens log and state, sends what was not acknowledged, each document under its own id, works
 * until nothing is left to do, and stops. Rejects with what ended it early. Either way nothing of it runs on.
 */
export const live = async (scene: CrashScene, outlives: Outlives, points: ProtocolPoints): Promise<void> => {
  const { disk, acknowledged, seen } = outlives;
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const within = pointedDisk(disk, points);
    const log = await EmbeddedLog.open({
      folder: '/data/log',
      topics: scene.partitions,
      time: 'recorded',
      segmentBytes: scene.segmentBytes,
      disk: within,
    });
    ends.push(() => log.close());
    await seen.readOn(log);
    const pointed = pointedLog(log, points);
    const failures: unknown[] = [];
    const engine = createEngine({
      pipelines: scene.pipelines,
      log: pointed,
      stateFolder: '/data/state',
      disk: within,
      services: scene.services,
      observer: silentObserver,
      wall: steppingClock(),
      deadLetter: ({ stage, row, heardAt, error }, step) => ({
        topic: scene.letters,
        row: {
          at: heardAt,
          step,
          stage,
          reason: error instanceof Error ? error.message : String(error),
          row,
        },
      }),
      onError: (error) => failures.push(error),
      checkpointMs: scene.checkpointMs,
      compactAtBytes: scene.compactAtBytes,
      credit: scene.credit,
    });
    ends.push(() => engine.stop());
    await engine.start();
    const mirror = await startMirror(scene, outlives, points, log);
    ends.push(async () => mirror?.stop());

    const settle = async (): Promise<void> => {
      await settled(engine, log, failures, points);
      await seen.readOn(log);
      for (const task of engine.tasks) log.hold(task.name, task.holds);
      log.hold('seen', seen.holds);
      if (mirror !== undefined) log.hold('mirror', mirror.positions());
      if (scene.retains) await log.retain(0);
    };
    const send = async (index: number): Promise<void> => {
      const { topic, heardAt, row } = scene.input[index]!;
      const record = { key: topic.key(row as never), value: topic.write(row as never) };
      await pointed.append(topic.name, record, { heardAt, documentId: `document-${index}` });
      acknowledged.add(index);
    };
    let burst = 0;
    for (let index = 0; index < scene.input.length; burst += 1) {
      const until = Math.min(index + BURSTS[burst % BURSTS.length]!, scene.input.length);
      const sending: Promise<void>[] = [];
      for (; index < until; index++) if (!acknowledged.has(index)) sending.push(send(index));
      if (sending.length === 0) continue;
      throwFirst(await Promise.allSettled(sending));
      if (burst % 2 === 1) await settle();
    }
    await settle();
    if (mirror !== undefined) await points.orDeath(mirror.drain());
  } finally {
    // The last begun ends first. What a dead process would still say is heard by nobody.
    for (const end of ends.reverse()) await end().catch(() => undefined);
  }
};

const startMirror = async (
  { mirrored }: CrashScene,
  { client }: Outlives,
  points: ProtocolPoints,
  log: EmbeddedLog,
): Promise<Mirror | undefined> => {
  if (client === undefined) return undefined;
  const insert = insertRows(client);
  const states = await log.lastStates('mirror/');
  const mirror = new Mirror({
    log: pointedLog(log, points),
    routes: mirrored,
    flushMs: 0,
    retryMs: 1,
    // Small chunks, so that there are some.
    maxRows: 5,
    initialState: (producer) => states.get(producer),
    insert: (table, rows, token) =>
      points.around('insert', `insert into ${table}`, () => insert(table, rows, token)),
    onRefused: ({ offset }, reason, { table }) => {
      throw new Error(`row ${offset} of ${table} was refused: ${reason.message}`);
    },
  });
  mirror.start();
  return mirror;
};

const settled = async (
  engine: Engine,
  log: EmbeddedLog,
  failures: readonly unknown[],
  points: ProtocolPoints,
): Promise<void> => {
  const end = wallClock.now() + HANGS_AFTER_MS;
  while (!engine.settled(log.closedUntil)) {
    points.refuseWhenDead();
    if (failures.length > 0) throw failures[0];
    if (wallClock.now() > end) throw new Error('the engine does not come to rest');
    await new Promise(setImmediate);
  }
};

const throwFirst = (results: readonly PromiseSettledResult<unknown>[]): void => {
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};
