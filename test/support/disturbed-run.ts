import { setImmediate as nextTurn } from 'node:timers/promises';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { type Clock, wallClock } from '../../runtime/clock.ts';
import { createEngine, type Engine } from '../../runtime/engine.ts';
import type { Pipeline } from '../../runtime/graph.ts';
import { EmbeddedLog } from '../../runtime/log/embedded-log.ts';
import type { Log } from '../../runtime/log/log.ts';
import { riskAlone, type ScorerService } from '../../runtime/scorer-service.ts';
import { silentObserver } from '../../runtime/task-observer.ts';
import type { Topic } from '../../runtime/topic.ts';
import type { Content } from './crash-content.ts';
import { diskWithDataFolder } from './crash-life.ts';
import { type Ask, deadLetters } from './determinism-pipelines.ts';
import { type Chance, disturbedLog, idle, shuffledTurns } from './disturbed-log.ts';
import type { Heard } from './law-topics.ts';
import { MemoryLog } from './memory-log.ts';
import type { SimulatedDisk } from './simulated-disk.ts';

/** All that must not be seen in what comes out. */
export interface Settings {
  readonly seed: number;
  readonly log: 'memory' | 'embedded';
  readonly maxRows: number;
  readonly credit: number;
  readonly checkpointMs: number;
  readonly compactAtBytes: number;
  /** Questions that are answered at the same time, each after a delay of its own. */
  readonly workers: number;
  /** Rows that are appended before anybody waits; one number after the other, again and again. */
  readonly bursts: readonly number[];
  /** Turns of the loop that the disk takes at most. */
  readonly slowTurns: number;
  /** The process ends in order and begins again so often, at moments of its own choice. */
  readonly restarts: number;
  /** Time is told between rows too. */
  readonly ticks: boolean;
  /** An input that was silent for so long is not waited for; this is no matter of chance, it is part of what is asked. */
  readonly idleMs: number;
}

export const IDLE_MS = 6_000;

export const undisturbed: Settings = {
  seed: 0,
  log: 'memory',
  maxRows: 256,
  credit: 8,
  checkpointMs: 5,
  compactAtBytes: 4 << 20,
  workers: 1,
  bursts: [1_000],
  slowTurns: 0,
  restarts: 0,
  ticks: false,
  idleMs: IDLE_MS,
};

/** A topic of the log with what is in it. */
export interface Told {
  readonly partitions: Readonly<Record<string, number>>;
  readonly rows: readonly Heard[];
}

export type Definitions = (ask: Ask, capacity: number) => readonly Pipeline[];

/** Runs the definitions on recorded input and answers what the log holds in the end, a line a record. */
export const runDisturbed = async (
  definitions: Definitions,
  { partitions, rows }: Told,
  settings: Settings,
): Promise<Content> => {
  const random = seededRandom(settings.seed * 7_919 + 1);
  const chance: Chance = (below) => Math.floor(random() * below);
  const disk = await diskWithDataFolder();
  const memory =
    settings.log === 'memory' ? new MemoryLog({ topics: partitions, time: 'recorded' }) : undefined;
  const restartsAt = new Set(Array.from({ length: settings.restarts }, () => chance(rows.length)));
  let life = await begin(definitions, partitions, settings, memory, disk, chance);
  try {
    for (let index = 0, burst = 0; index < rows.length; burst += 1) {
      const until = Math.min(index + settings.bursts[burst % settings.bursts.length]!, rows.length);
      const appends: Promise<unknown>[] = [];
      let restarts = false;
      if (settings.ticks && chance(3) === 0) memory?.advanceTo(rows[index]!.heardAt - 1 / 2);
      for (; index < until; index++) {
        const { topic, heardAt, row } = rows[index]!;
        const record = { key: topic.key(row), value: topic.write(row) };
        appends.push(life.log.append(topic.name, record, { heardAt }));
        restarts ||= restartsAt.has(index);
      }
      await Promise.all(appends);
      if (chance(3) === 0) await idle(chance(12));
      if (!restarts) continue;
      await life.end();
      life = await begin(definitions, partitions, settings, memory, disk, chance);
    }
    await life.settle();
    return await contentOf(life.log, partitions);
  } finally {
    await life.end();
  }
};

interface Life {
  readonly log: Log;
  settle(): Promise<void>;
  end(): Promise<void>;
}

const begin = async (
  definitions: Definitions,
  partitions: Readonly<Record<string, number>>,
  settings: Settings,
  memory: MemoryLog | undefined,
  disk: SimulatedDisk,
  chance: Chance,
): Promise<Life> => {
  const { maxRows, credit, checkpointMs, compactAtBytes, slowTurns, workers } = settings;
  const log =
    memory ??
    (await EmbeddedLog.open({
      folder: '/data/log',
      topics: partitions,
      time: 'recorded',
      segmentBytes: 20_000,
      disk,
    }));
  const failures: unknown[] = [];
  const { ask, scorer } = slowServices(chance, workers);
  const engine = createEngine({
    pipelines: definitions(ask, workers),
    log: settings.seed === 0 ? log : disturbedLog(log, chance, slowTurns),
    stateFolder: '/data/state',
    disk,
    services: { scorer },
    observer: silentObserver,
    wall: settings.seed === 0 ? wallClock : stumblingClock(chance),
    ...(settings.seed === 0 ? {} : { turn: shuffledTurns(chance) }),
    deadLetter: ({ stage, row, heardAt, error, origin }, step) => ({
      topic: deadLetters as Topic<unknown>,
      row: {
        at: heardAt,
        stage,
        reason: `${step} at ${JSON.stringify(origin)}: ${error instanceof Error ? error.message : String(error)}`,
        row,
      },
    }),
    onError: (error) => failures.push(error),
    maxRows,
    credit,
    checkpointMs,
    compactAtBytes,
    idleMs: settings.idleMs,
  });
  await engine.start();
  return {
    log,
    settle: () => settled(engine, log, failures),
    end: async () => {
      await engine.stop();
      if (memory === undefined) await log.close();
      if (failures.length > 0) throw failures[0];
    },
  };
};

const HANGS_AFTER_MS = 20_000;

const settled = async (engine: Engine, log: Log, failures: readonly unknown[]): Promise<void> => {
  const end = wallClock.now() + HANGS_AFTER_MS;
  while (!engine.settled(log.closedUntil)) {
    if (failures.length > 0) throw failures[0];
    if (wallClock.now() > end) throw new Error('the engine does not come to rest');
    await nextTurn();
  }
};

/** Each look at it is some milliseconds later, sometimes many: how much is done at once is by chance. */
const stumblingClock = (chance: Chance): Clock => {
  let now = 0;
  return { now: () => (now += chance(5) === 0 ? chance(12) : chance(2)) };
};

/** A model and a service that answer the same to the same, so many at once, in any order. */
const slowServices = (
  chance: Chance,
  workers: number,
): { readonly ask: Ask; readonly scorer: (model: string) => ScorerService } => {
  let busy = 0;
  const work = async (): Promise<void> => {
    while (busy >= workers) await nextTurn();
    busy += 1;
    await idle(chance(9));
    busy -= 1;
  };
  return {
    ask: async (keys) => {
      await work();
      return new Map(keys.filter((key) => key !== '4').map((key) => [key, Number(key) / 2]));
    },
    scorer: (model) => ({
      modelVersion: 'v1',
      threshold: 0.5,
      columns: model === 'two columns' ? 2 : 1,
      score: async (matrix, rows) => {
        const columns = matrix.length / rows;
        await work();
        const risk = Float32Array.from(
          { length: rows },
          (_, row) =>
            (matrix[row * columns]! % 10) / 10 + (columns > 1 ? matrix[row * columns + 1]! / 1e5 : 0),
        );
        return riskAlone('v1', 0.5, risk);
      },
    }),
  };
};

/** Lines by `topic/partition`: those of one writer in the order in which they stand, writers one after the other. */
const contentOf = async (log: Log, partitions: Readonly<Record<string, number>>): Promise<Content> => {
  const content = new Map<string, readonly string[]>();
  for (const [topic, count] of Object.entries(partitions)) {
    for (let partition = 0; partition < count; partition++) {
      const byProducer = new Map<string, string[]>();
      for (let from = 0; from < log.end(topic, partition);) {
        for (const { offset, heardAt, producer, key, headers, value } of await log.read(
          topic,
          partition,
          from,
        )) {
          const lines = byProducer.get(producer) ?? [];
          byProducer.set(producer, lines);
          lines.push(
            [producer, heardAt, key, JSON.stringify(headers), Buffer.from(value).toString('latin1')].join(
              ' ',
            ),
          );
          from = offset + 1;
        }
      }
      const producers = [...byProducer.keys()].sort();
      content.set(
        `${topic}/${partition}`,
        producers.flatMap((producer) => byProducer.get(producer)!),
      );
    }
  }
  return content;
};
