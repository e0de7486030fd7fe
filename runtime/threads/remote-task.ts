import type { Log } from '../log/log.ts';
import { stateTopic } from '../log/state-topic.ts';
import type { PlannedTask } from '../plan-tasks.ts';
import type { TaskLook, TaskView } from '../task-view.ts';
import type { TaskHoldings, TaskReport } from './thread-calls.ts';

export interface RemoteTaskOptions {
  readonly planned: PlannedTask;
  readonly log: Pick<Log, 'end'>;
  readonly look: () => Promise<TaskLook>;
}

/**
 * A task of another thread, as it told last. Whether it is settled is judged with the ends of the log as they are here: who
 * was quiet, and had taken its inputs up to where they end now, has had nothing to do since.
 */
export class RemoteTask implements TaskView {
  readonly name: string;
  readonly stage: string;
  readonly #options: RemoteTaskOptions;
  #report: TaskReport;
  #holdings: TaskHoldings;

  constructor(options: RemoteTaskOptions) {
    const { name, stage } = options.planned;
    this.name = name;
    this.stage = stage.name;
    this.#options = options;
    this.#report = {
      name,
      time: -Infinity,
      watermark: -Infinity,
      epoch: 0,
      creditLeft: 0,
      taken: 0,
      isQuiet: false,
      sharesWait: false,
    };
    // Until its thread has said more, all of its state and of its input is needed.
    const places = options.planned.inputs.map(({ topic, partition }) => `${topic}/${partition}`);
    const holds = new Map([`${stateTopic(name)}/0`, ...places].map((place) => [place, 0]));
    this.#holdings = { name, holds, stateKeys: new Map() };
  }

  take(report: TaskReport): void {
    this.#report = report;
  }

  takeHoldings(holdings: TaskHoldings): void {
    this.#holdings = holdings;
  }

  get lag(): number {
    const { planned, log } = this.#options;
    const ends = planned.inputs.reduce((sum, { topic, partition }) => sum + log.end(topic, partition), 0);
    return ends - this.#report.taken;
  }

  get time(): number {
    return this.#report.time;
  }

  get watermark(): number {
    return this.#report.watermark;
  }

  get epoch(): number {
    return this.#report.epoch;
  }

  get creditLeft(): number {
    return this.#report.creditLeft;
  }

  get sharesWait(): boolean {
    return this.#report.sharesWait;
  }

  get holds(): ReadonlyMap<string, number> {
    return this.#holdings.holds;
  }

  settled(t: number): boolean {
    return this.#report.isQuiet && this.lag === 0 && this.time >= t;
  }

  stateKeys(): ReadonlyMap<string, number> {
    return this.#holdings.stateKeys;
  }

  look(): Promise<TaskLook> {
    return this.#options.look();
  }
}
