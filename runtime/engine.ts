import { stableId } from '../domain/stable-id.ts';
import { allOf } from './all-of.ts';
import type { Disk } from './disk.ts';
import { ForewarnError } from './forewarn-error.ts';
import type { Pipeline } from './graph.ts';
import { WANTED_ROWS } from './item.ts';
import { firstOffsets } from './log/first-offsets.ts';
import { type PlanOptions, planTasks } from './plan-tasks.ts';
import type { SnapshotStore } from './state/snapshot-store.ts';
import { FolderSnapshots } from './state/snapshots/folder-snapshots.ts';
import type { Services } from './step.ts';
import { type Planned, recovered, Standby } from './standby.ts';
import { Task } from './task.ts';
import type { TaskSurroundings } from './task-options.ts';
import { type TasksView, type TaskView, viewOf } from './task-view.ts';
import { createTurns, type Turns } from './turns.ts';

export interface EngineOptions extends TaskSurroundings, Omit<PlanOptions, 'log'> {
  readonly stateFolder: string;
  /** Where bases lie; in the state folder without it. */
  readonly snapshots?: SnapshotStore;
  /** Where the state folder is; this machine's disk without it. */
  readonly disk?: Disk;
  readonly credit?: number;
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

export interface Engine<T extends TaskView = TaskView> extends TasksView<T> {
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
  /** Names of all tasks of the line, wherever they run. */
  readonly producers: readonly string[];
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
export const createEngine = (options: EngineOptions): Engine<Task> => {
  const { log, onFenced, onError } = options;
  const planned = planTasks(options);
  refuseServices(options.pipelines, options.services);
  const snapshots = options.snapshots ?? new FolderSnapshots(options.stateFolder, options.disk);
  const turn = options.turn ?? createTurns();
  const failed = (number: number, error: unknown): void => {
    if (onFenced !== undefined && isFenced(error)) onFenced(number, error);
    else onError(error);
  };
  const plan = planned.map(({ name, number, stage, inputs, checkpointMs }): Planned => {
    const settings = {
      name,
      partition: number,
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
      onError: (error: unknown) => failed(number, error),
    };
    return { name, number, make: () => new Task(settings) };
  });
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
    const made = new Map<Planned, Task>();
    try {
      await recover(
        missing.map(
          (planned) => async () => void made.set(planned, await recovered(planned, near.get(planned.name))),
        ),
      );
      await follow(made);
    } catch (error) {
      await Promise.all([...made.values()].map((task) => task.abandon()));
      throw error;
    }
    unsubscribe ??= log.onAdvance(() => tasks.forEach((task) => task.wake()));
    for (const [{ name }, task] of made) running.set(name, task);
    changed();
    for (const task of made.values()) task.start();
  };
  /** From where the tasks of each number stand. */
  const follow = async (made: ReadonlyMap<Planned, Task>): Promise<void> => {
    const numbers = new Set([...made.keys()].map(({ number }) => number));
    await Promise.all(
      [...numbers].map(async (number) => {
        const positions = [...made].flatMap(([planned, task]) =>
          planned.number === number ? Object.entries(task.positions) : [],
        );
        const first = firstOffsets(positions.map(([place, { resume }]) => [place, resume]));
        await log.follow?.(readerOf(number), first);
      }),
    );
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
  const lifecycle: Omit<Engine, keyof TasksView> = {
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
  };
  return Object.assign(
    viewOf(() => tasks),
    lifecycle,
  );
};

/** As what the log knows the tasks of a number. */
const readerOf = (number: number): string => `tasks/${number}`;

/** Another process has what this one took itself for: its transactions, or the bases of its state. */
const isFenced = (error: unknown): error is ForewarnError =>
  error instanceof ForewarnError && (error.code === 'FW614' || error.code === 'FW417');

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

/** Id of the dead letter of a row: the same row that fails at the same step is the same letter. */
export const deadLetterId = (step: string, heardAt: number, bytes: string): string =>
  stableId('dead-letter', step, Math.floor(heardAt), bytes);
