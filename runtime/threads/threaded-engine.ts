import { allOf } from '../all-of.ts';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import type { ForewarnError } from '../forewarn-error.ts';
import type { Log } from '../log/log.ts';
import type { PackedLog } from '../log/packed.ts';
import { type PlanOptions, planTasks } from '../plan-tasks.ts';
import { type TasksView, viewOf } from '../task-view.ts';
import { EngineThread, type ThreadModule } from './engine-thread.ts';
import { RemoteTask } from './remote-task.ts';
import type { ThreadReport } from './thread-calls.ts';

export interface ThreadedEngineOptions extends Omit<PlanOptions, 'log'> {
  readonly log: (Log | (Log & PackedLog)) & { readonly clock: Clock };
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  readonly threads: number;
  /** Its engine runs the same pipelines. */
  readonly module: ThreadModule;
  readonly onError: (error: unknown) => void;
  readonly onFenced?: (number: number, error: ForewarnError) => void;
}

export interface ThreadedEngine extends Engine {
  /** Rows that tasks have taken since the start. */
  rows(): number;
  /** Counts of all threads that can be asked. */
  metrics(): Promise<readonly unknown[]>;
}

/**
 * An engine whose tasks are in threads: all of one partition number in one, the thread that has the fewest when the number
 * comes. The log stays here; what a task reads and commits crosses as bytes.
 */
export const createThreadedEngine = (options: ThreadedEngineOptions): ThreadedEngine => {
  const { log, topics, threads: count, module, onError, onFenced } = options;
  const plan = planTasks(options);
  const producers = plan.map(({ name }) => name);
  /** Those of numbers that are being taken are not shown before they run. */
  const known = new Map<string, RemoteTask>();
  const running = new Set<number>();
  let tasks: readonly RemoteTask[] = [];
  const changed = (): void => {
    tasks = plan.flatMap(({ name, number }) => (running.has(number) ? known.get(name)! : []));
  };
  const rows = new Map<number, number>();
  const onReport = (nth: number, report: ThreadReport): void => {
    rows.set(nth, report.rows);
    for (const task of report.tasks) known.get(task.name)?.take(task);
    for (const task of report.holdings) known.get(task.name)?.takeHoldings(task);
  };
  const threads: EngineThread[] = [];
  /** Begins them when they are needed first. */
  const begun = async (): Promise<readonly EngineThread[]> => {
    for (let nth = threads.length + 1; nth <= count; nth++)
      threads.push(
        new EngineThread({
          nth,
          module,
          log,
          topics,
          // A task that writes rows at once does so under a name of its own.
          producers: [...producers, ...producers.map((name) => `${name}!`), ...(log.stampers ?? [])],
          onReport: (report) => onReport(nth, report),
          onError,
          onFenced: (number, error) => (onFenced === undefined ? onError(error) : onFenced(number, error)),
        }),
      );
    await allOf(threads.map(({ ready }) => ready));
    return threads;
  };
  const planned = (number: number) => plan.filter((task) => task.number === number);
  const ofNumber = (number: number): EngineThread | undefined =>
    threads.find(({ numbers }) => numbers.has(number));
  /** Those that keep the state of a number near which runs in another process. */
  const near = new Map<number, EngineThread>();
  const loadOf = (thread: EngineThread): number =>
    thread.numbers.size + [...near.values()].filter((one) => one === thread).length;
  /** Chosen and counted without a turn in between: numbers come together. */
  const leastLoaded = (all: readonly EngineThread[]): EngineThread =>
    all.toSorted((a, b) => loadOf(a) - loadOf(b))[0]!;
  const take = async (number: number): Promise<void> => {
    const all = await begun();
    const thread = ofNumber(number) ?? near.get(number) ?? leastLoaded(all);
    near.delete(number);
    thread.numbers.add(number);
    if (!running.has(number))
      for (const task of planned(number))
        known.set(
          task.name,
          new RemoteTask({ planned: task, log, look: () => thread.calls.ask('look', task.name) }),
        );
    await thread.calls.ask('take', number);
    running.add(number);
    changed();
  };
  const end = async (number: number, how: 'give' | 'drop'): Promise<void> => {
    const thread = ofNumber(number);
    await thread?.calls.ask(how, number);
    thread?.numbers.delete(number);
    running.delete(number);
    changed();
  };
  const lifecycle: Omit<ThreadedEngine, keyof TasksView> = {
    producers,
    start: async () => {
      await begun();
      const numbers = [...new Set(plan.map(({ number }) => number))].sort((a, b) => a - b);
      await allOf(numbers.map(take));
    },
    stop: async () => {
      await Promise.all(threads.map((thread) => thread.stop()));
    },
    take,
    give: (number) => end(number, 'give'),
    drop: (number) => end(number, 'drop'),
    standBy: async (number) => {
      const all = await begun();
      const thread = near.get(number) ?? leastLoaded(all);
      near.set(number, thread);
      await thread.calls.ask('standBy', number);
    },
    standDown: async (number) => {
      const thread = near.get(number);
      near.delete(number);
      await thread?.calls.ask('standDown', number);
    },
    rows: () => [...rows.values()].reduce((sum, taken) => sum + taken, 0),
    metrics: async () => {
      const asked = await Promise.allSettled(threads.map(({ calls }) => calls.ask('metrics')));
      return asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    },
  };
  return Object.assign(
    viewOf(() => tasks),
    lifecycle,
  );
};
