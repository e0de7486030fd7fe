import type { Log } from '../log/log.ts';
import type { PlannedTask } from '../plan-tasks.ts';
import type { Task } from '../task.ts';
import type { TaskHoldings, TaskReport, ThreadReport } from './thread-calls.ts';

export interface TaskReporterOptions {
  readonly log: Pick<Log, 'end' | 'onAdvance'>;
  readonly plan: readonly PlannedTask[];
  readonly tasks: () => readonly Task[];
  readonly rows: () => number;
  readonly send: (report: ThreadReport) => void;
}

/** So long after something came in, most of what it causes is done. */
const FIRST_LOOK_MS = 4;
/** While something is under way. */
const NEXT_LOOK_MS = 20;
/** Holds and counts of keys of a busy task are told so often. */
const HOLDINGS_MS = 500;

/**
 * Tells how the tasks of a thread stand: soon after anything moved in the log, and again until all of them are quiet; of
 * those alone of which something is new.
 */
export class TaskReporter {
  readonly #options: TaskReporterOptions;
  readonly #inputs: ReadonlyMap<string, PlannedTask['inputs']>;
  readonly #told = new Map<string, TaskReport>();
  /** Of each task, what it had committed, and was committing, when its holdings were told. */
  readonly #held = new Map<string, string>();
  readonly #stop: () => void;
  #heldAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TaskReporterOptions) {
    this.#options = options;
    this.#inputs = new Map(options.plan.map(({ name, inputs }) => [name, inputs]));
    this.#stop = options.log.onAdvance(() => this.#soon(FIRST_LOOK_MS));
  }

  /** Tells all that is new at once. */
  flush(): void {
    this.#heldAt = -Infinity;
    this.#look();
  }

  stop(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #soon(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, ms);
  }

  #look(): void {
    const { rows, send } = this.#options;
    const running = this.#options.tasks();
    this.#forgetOthers(new Set(running.map(({ name }) => name)));
    const reports = running.map((task) => this.#reportOf(task));
    const tasks = reports.filter((report) => !isSame(report, this.#told.get(report.name)));
    for (const report of tasks) this.#told.set(report.name, report);
    const isQuiet = reports.every((report) => report.isQuiet);
    const holdings = this.#holdingsOf(running, isQuiet);
    if (tasks.length + holdings.length > 0) send({ rows: rows(), tasks, holdings });
    if (!isQuiet) this.#soon(NEXT_LOOK_MS);
  }

  /** One that comes again is told anew. */
  #forgetOthers(running: ReadonlySet<string>): void {
    for (const name of this.#told.keys()) {
      if (running.has(name)) continue;
      this.#told.delete(name);
      this.#held.delete(name);
    }
  }

  #reportOf(task: Task): TaskReport {
    const { name, time, watermark, epoch, creditLeft, lag, sharesWait } = task;
    const ends = this.#inputs
      .get(name)!
      .reduce((sum, { topic, partition }) => sum + this.#options.log.end(topic, partition), 0);
    const isQuiet = task.settled(-Infinity);
    return { name, time, watermark, epoch, creditLeft, taken: ends - lag, isQuiet, sharesWait };
  }

  #holdingsOf(running: readonly Task[], isQuiet: boolean): readonly TaskHoldings[] {
    const now = performance.now();
    if (!isQuiet && now - this.#heldAt < HOLDINGS_MS) return [];
    this.#heldAt = now;
    return running.flatMap((task) => {
      const { name, epoch, begun, holds } = task;
      const as = `${epoch} ${begun.commits}`;
      if (this.#held.get(name) === as) return [];
      this.#held.set(name, as);
      return [{ name, holds, stateKeys: task.stateKeys() }];
    });
  }
}

const isSame = (report: TaskReport, told: TaskReport | undefined): boolean =>
  told !== undefined &&
  report.time === told.time &&
  report.watermark === told.watermark &&
  report.epoch === told.epoch &&
  report.creditLeft === told.creditLeft &&
  report.taken === told.taken &&
  report.isQuiet === told.isQuiet &&
  report.sharesWait === told.sharesWait;
