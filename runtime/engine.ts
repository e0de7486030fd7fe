import { stableId } from '../domain/stable-id.ts';
import type { Disk } from './disk.ts';
import { ForewarnError } from './forewarn-error.ts';
import { type Pipeline, refuseCycles, type Stage } from './graph.ts';
import { WANTED_ROWS } from './item.ts';
import type { Log } from './log/log.ts';
import type { SnapshotStore } from './state/snapshot-store.ts';
import { FolderSnapshots } from './state/snapshots/folder-snapshots.ts';
import type { Services } from './step.ts';
import { allOf } from './all-of.ts';
import { type Planned, recovered, Standby } from './standby.ts';
import { Task } from './task.ts';
import type { TaskInput, TaskSurroundings } from './task-options.ts';
import { createTurns, type Turns } from './turns.ts';

const DAY_MS = 86_400_000;

export interface EngineOptions extends TaskSurroundings {
  readonly pipelines: readonly Pipeline[];
  readonly stateFolder: string;
  /** Where bases lie; in the state folder without it. */
  readonly snapshots?: SnapshotStore;
  /** Where the state folder is; this machine's disk without it. */
  readonly disk?: Disk;
  readonly credit?: number;
  readonly disorderMs?: Readonly<Record<string, number>>;
  readonly maxFutureMs?: Readonly<Record<string, number>>;
  readonly idleMs?: number;
  /** Rows of a beat at most. */
  readonly maxRows?: number;
  /** Instead of what the pipelines say. */
  readonly checkpointMs?: number;
  /** Which task has the thread next; in the order of asking without it. What comes out does not depend on it. */
  readonly turn?: Turns;
  /** Told, instead of `onError`, that another process has the tasks of a partition number: FW614 or FW417. */
  readonly onFenced?: (number: number, error: ForewarnError) => void;
}

export interface Engine {
  /** Takes every partition number. */
  start(): Promise<void>;
  /** Commits what was done and stops; nothing that was taken is lost. */
  stop(): Promise<void>;
  /** Brings back the tasks of a partition number, of all stages, and starts them. */
  take(number: number): Promise<void>;
  /** Commits what the tasks of a partition number have done, and ends them: another process may take them then. */
  give(number: number): Promise<void>;
  /** Ends them without a commit: another process has them. */
  drop(number: number): Promise<void>;
  /**
   * Reads what the tasks of a number that runs elsewhere have committed, and keeps their state ready; called again, what came since. To take
   * the number is then to read what is new.
   */
  standBy(number: number): Promise<void>;
  /** Forgets them. */
  standDown(number: number): Promise<void>;
  /** Those that run here. */
  readonly tasks: readonly Task[];
  /** Names of all tasks of the line, wherever they run. */
  readonly producers: readonly string[];
  /** True when everything that was durable at log time `t` has gone through every task. */
  settled(t: number): boolean;
  /** Keys have yet to answer a table's row, by shares for which log time must go on. */
  readonly sharesWait: boolean;
  /** Records that are durable and that no task of the stage has taken. */
  lagOf(stage: string): number;
  /** Keys that a step keeps state for, over all tasks. */
  keysOf(step: string): number;
  /** How far the lowest watermark of a stage is behind log time; 0 before its first row. */
  watermarkLagMs(stage: string, now: number): number;
}

type Recover = (works: readonly (() => Promise<void>)[]) => Promise<void>;

const oneByOne: Recover = async (works) => {
  for (const work of works) await work();
};

const together: Recover = (works) => allOf(works.map((work) => work()));

/**
 * Runs pipelines on a log: one task for each partition of each stage. Tasks of one partition number are where that number
 * is: all of them in one process, or shared out among several, which take numbers and give them while they run.
 */
export const createEngine = (options: EngineOptions): Engine => {
  const { pipelines, log } = options;
  const stages = pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage) => ({
      stage,
      checkpointMs: pipeline.checkpointMs,
      partitions: partitionsOf(stage, log),
    })),
  );
  refuseCycles(stages.map(({ stage }) => stage));
  refuseServices(pipelines, options.services);
  refuseReadAtOnce(stages.map(({ stage }) => stage));
  const writers = new Map<string, string[]>();
  for (const { stage, partitions } of stages) {
    for (const topic of new Set(stage.sinks.map((sink) => sink.topic.name))) {
      const tasks = Array.from({ length: partitions }, (_, partition) => `${stage.name}/${partition}`);
      writers.set(topic, [...(writers.get(topic) ?? []), ...tasks]);
    }
  }
  const snapshots = options.snapshots ?? new FolderSnapshots(options.stateFolder, options.disk);
  const turn = options.turn ?? createTurns();
  const plan = stages.flatMap(({ stage, checkpointMs, partitions }) =>
    Array.from({ length: partitions }, (_, partition): Planned => {
      const inputs = stage.sources.flatMap((source): TaskInput[] => {
        const { topic } = source;
        const own = topic.broadcast
          ? Array.from({ length: log.partitionsOf(topic.name) }, (__, index) => index)
          : [partition];
        return own.map((index) => ({
          topic: topic.name,
          partition: index,
          producers: writers.get(topic.name) ?? ['external'],
          node: source.id,
          source: topic,
          disorderMs: options.disorderMs?.[topic.name] ?? topic.disorderMs,
          broadcast: topic.broadcast,
          stamped: topic.internal,
          maxFutureMs: options.maxFutureMs?.[topic.name] ?? DAY_MS,
        }));
      });
      const name = `${stage.name}/${partition}`;
      const settings = {
        name,
        partition,
        stage,
        inputs,
        checkpointMs: options.checkpointMs ?? checkpointMs,
        credit: options.credit ?? 8,
        idleMs: options.idleMs ?? 600_000,
        maxRows: options.maxRows ?? WANTED_ROWS,
        ...(options.compactAtBytes === undefined ? {} : { compactAtBytes: options.compactAtBytes }),
        log,
        snapshots,
        services: options.services,
        turn,
        observer: options.observer,
        wall: options.wall,
        deadLetter: options.deadLetter,
        onError: (error: unknown) => failed(partition, error),
      };
      return { name, number: partition, make: () => new Task(settings) };
    }),
  );
  const { onFenced, onError } = options;
  const failed = (number: number, error: unknown): void => {
    if (onFenced !== undefined && isFenced(error)) onFenced(number, error);
    else onError(error);
  };
  const running = new Map<string, Task>();
  let tasks: readonly Task[] = [];
  const changed = (): void => {
    tasks = plan.flatMap(({ name }) => running.get(name) ?? []);
  };
  let unsubscribe: (() => void) | undefined;
  const standby = new Standby();
  const begin = async (wanted: readonly Planned[], recover: Recover): Promise<void> => {
    const missing = wanted.filter(({ name }) => !running.has(name));
    const near = await standby.handOver(missing);
    const made: Task[] = [];
    try {
      await recover(
        missing.map(
          (planned) => async () => void made.push(await recovered(planned, near.get(planned.name))),
        ),
      );
      await follow(made);
    } catch (error) {
      await Promise.all(made.map((task) => task.abandon()));
      throw error;
    }
    unsubscribe ??= log.onAdvance(() => tasks.forEach((task) => task.wake()));
    for (const task of made) running.set(task.name, task);
    changed();
    for (const task of made) task.start();
  };
  /** From where the tasks of each number stand. */
  const follow = async (begun: readonly Task[]): Promise<void> => {
    const byNumber = new Map<number, Map<string, number>>();
    for (const { name, positions } of begun) {
      const number = Number(name.slice(name.lastIndexOf('/') + 1));
      const first = byNumber.get(number) ?? new Map<string, number>();
      byNumber.set(number, first);
      for (const [place, { resume }] of Object.entries(positions))
        first.set(place, Math.min(resume, first.get(place) ?? Infinity));
    }
    await Promise.all([...byNumber].map(async ([number, first]) => log.follow?.(readerOf(number), first)));
  };
  const end = async (number: number, how: (task: Task) => Promise<void>): Promise<void> => {
    const ending = plan.filter((planned) => planned.number === number);
    await Promise.all(
      ending.map(async ({ name }) => {
        const task = running.get(name);
        if (task !== undefined) await how(task);
      }),
    );
    for (const { name } of ending) running.delete(name);
    changed();
    await log.follow?.(readerOf(number), new Map());
  };
  return {
    get tasks() {
      return tasks;
    },
    producers: plan.map(({ name }) => name),
    start: () => begin(plan, oneByOne),
    stop: async () => {
      unsubscribe?.();
      unsubscribe = undefined;
      await Promise.all(tasks.map((task) => task.stop()));
    },
    // Others wait for what they write.
    take: (number) =>
      begin(
        plan.filter((planned) => planned.number === number),
        together,
      ),
    give: (number) => end(number, (task) => task.stop()),
    drop: (number) => end(number, (task) => task.abandon()),
    standBy: (number) =>
      standby.follow(
        number,
        plan.filter((planned) => planned.number === number && !running.has(planned.name)),
      ),
    standDown: (number) => standby.leave(number),
    settled: (t) => tasks.every((task) => task.settled(t)),
    get sharesWait() {
      return tasks.some((task) => task.sharesWait);
    },
    lagOf: (stage) => tasks.reduce((sum, task) => (task.stage === stage ? sum + task.lag : sum), 0),
    keysOf: (step) => tasks.reduce((sum, task) => sum + (task.stateKeys().get(`${step}\u0000keys`) ?? 0), 0),
    watermarkLagMs: (stage, now) =>
      tasks.reduce((most, task) => {
        const known = task.stage === stage && task.watermark !== -Infinity;
        return known ? Math.max(most, now - task.watermark) : most;
      }, 0),
  };
};

/** As what the log knows the tasks of a number. */
const readerOf = (number: number): string => `tasks/${number}`;

/** Another process has what this one took itself for: its transactions, or the bases of its state. */
const isFenced = (error: unknown): error is ForewarnError =>
  error instanceof ForewarnError && (error.code === 'FW614' || error.code === 'FW417');

/** A task merges by log time, which goes back where rows that were written at once are written again. */
const refuseReadAtOnce = (stages: readonly Stage[]): void => {
  for (const { name, sinks } of stages) {
    for (const { mode, topic } of sinks) {
      const reader = stages.find(({ sources }) => sources.some((source) => source.topic.name === topic.name));
      if (mode === 'epoch' || reader === undefined) continue;
      throw new ForewarnError(
        'FW218',
        `stage "${name}" writes topic "${topic.name}" with mode "${mode}", and stage "${reader.name}" reads it; write it with mode "epoch"`,
      );
    }
  }
};

/** What is wrong with the steps given the models that there are. */
const refuseServices = (pipelines: readonly Pipeline[], services: Services): void => {
  for (const { name, nodes } of pipelines) {
    for (const node of nodes) {
      if (node.kind !== 'step') continue;
      const fault = node.step.faultsWith?.(services)[0];
      if (fault === undefined) continue;
      const step = node.step.name ?? node.step.verb;
      throw new ForewarnError('FW208', `pipeline "${name}" step "${step}": ${fault}`);
    }
  }
};

/** Partitions of a stage: those of its keyed inputs, which must agree. */
const partitionsOf = (stage: Stage, log: Log): number => {
  const counts = stage.sources
    .filter((source) => !source.topic.broadcast)
    .map((source) => ({ topic: source.topic.name, partitions: log.partitionsOf(source.topic.name) }));
  const first = counts[0];
  if (first === undefined) return 1;
  for (const other of counts) {
    if (other.partitions !== first.partitions) {
      throw new ForewarnError(
        'FW204',
        `stage "${stage.name}": topic "${other.topic}" has ${other.partitions} partitions and "${first.topic}" has ${first.partitions}; topics that are joined must have the same number`,
      );
    }
  }
  return first.partitions;
};

/** Id of the dead letter of a row: the same row that fails at the same step is the same letter. */
export const deadLetterId = (step: string, heardAt: number, bytes: string): string =>
  stableId('dead-letter', step, Math.floor(heardAt), bytes);
