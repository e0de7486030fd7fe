import type { Engine } from '../engine.ts';
import type { ForewarnError } from '../forewarn-error.ts';
import { PortLog } from '../log/port/port-log.ts';
import type { PlannedTask } from '../plan-tasks.ts';
import type { Task } from '../task.ts';
import { callsOver } from './calls.ts';
import { passError } from './passed-error.ts';
import { TaskReporter } from './task-reporter.ts';
import type { ProcessMethods, ThreadData, ThreadMethods } from './thread-calls.ts';

/** What the engine of a thread is made with. */
export interface ThreadParts {
  readonly log: PortLog;
  readonly onError: (error: unknown) => void;
  readonly onFenced: (number: number, error: ForewarnError) => void;
}

export interface ThreadEngine {
  readonly engine: Engine<Task>;
  readonly plan: readonly PlannedTask[];
  /** Rows that its tasks have taken. */
  readonly rows: () => number;
  /** Its counts, as whoever adds them up takes them. */
  readonly metrics: () => Promise<unknown>;
}

/** The other end of an `EngineThread`: makes the engine in this thread, and does what the process asks of it. */
export const runEngineThread = async (
  { log: logPort, calls: callsPort }: ThreadData<unknown>,
  make: (parts: ThreadParts) => Promise<ThreadEngine>,
): Promise<void> => {
  let made: (ThreadEngine & { readonly reporter: TaskReporter }) | undefined;
  /** It is not asked before it has said that it is ready. */
  const here = (): NonNullable<typeof made> => made!;
  /** Whoever asked for it knows how the tasks stand when it is done. */
  const told = async (work: Promise<void>): Promise<void> => {
    await work;
    here().reporter.flush();
  };
  const methods: ThreadMethods = {
    take: (number) => told(here().engine.take(number)),
    give: (number) => told(here().engine.give(number)),
    drop: (number) => told(here().engine.drop(number)),
    standBy: (number) => here().engine.standBy(number),
    standDown: (number) => here().engine.standDown(number),
    stop: () => told(here().engine.stop()),
    look: (name) => {
      const task = here().engine.tasks.find((running) => running.name === name);
      return task === undefined
        ? Promise.reject(new Error(`task "${name}" does not run here any more`))
        : task.look();
    },
    metrics: () => here().metrics(),
  };
  const calls = callsOver<ProcessMethods>(callsPort, methods);
  try {
    const log = await PortLog.open(logPort);
    const engine = await make({
      log,
      onError: (error) => calls.tell('failed', passError(error)),
      onFenced: (number, error) => calls.tell('fenced', number, passError(error)),
    });
    const reporter = new TaskReporter({
      log,
      plan: engine.plan,
      tasks: () => engine.engine.tasks,
      rows: engine.rows,
      send: (report) => calls.tell('report', report),
    });
    made = { ...engine, reporter };
    calls.tell('ready', null);
  } catch (error) {
    calls.tell('ready', passError(error));
  }
};
