import type { SinkNode, Stage } from '../graph.ts';
import { Intake, type IntakeInput } from '../intake.ts';
import type { Progress, Rows } from '../item.ts';
import type { EventTime } from '../state/task-snapshot.ts';
import { StepStates } from '../state/step-states.ts';
import type { RowFailure, Services, StepCount } from '../step.ts';
import { wireStage, type WiredStage } from '../task-plan.ts';

export interface KernelOptions {
  readonly stage: Stage;
  readonly partition: number;
  readonly inputs: readonly IntakeInput[];
  readonly idleMs: number;
  readonly services: Services;
  /** Batches are lent, as everywhere: who keeps rows copies them. */
  readonly onRows: (sink: SinkNode, rows: Rows<unknown>) => void;
  readonly onFailure: (step: string, failure: RowFailure) => void;
  readonly onCount?: (step: string, what: StepCount, n: number) => void;
  readonly onError: (error: unknown) => void;
}

/** One partition of a stage as a task runs it, with no log around it: rows are put in, beats are sent when asked for. */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #wired: WiredStage;
  readonly #intake: Intake;
  readonly #stop: () => void;
  readonly states = new StepStates();

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#intake = new Intake(options.stage, options.inputs, options.idleMs);
    this.#wired = wireStage(
      options.stage,
      (node) => {
        const step =
          node.kind === 'key' ? `keyBy:${node.id}` : (node.step.name ?? `${node.step.verb}:${node.id}`);
        return {
          step,
          task: `${options.stage.name}/${options.partition}`,
          services: options.services,
          checkpoint: (part, state) => this.states.add(step, part, state),
          paced: () => undefined,
          atBarrier: () => undefined,
          fail: (failure) => options.onFailure(step, failure),
          hold: () => () => undefined,
          countRows: () => undefined,
          count: (what, n) => options.onCount?.(step, what, n),
        };
      },
      { rows: options.onRows, barrier: () => undefined },
    );
    this.#stop = this.#wired.start(options.onError);
  }

  get watermark(): number {
    return this.#intake.watermark;
  }

  /** A row of an input; answers whether it is late. Sends a beat where it is full. */
  row(input: number, producer: string, row: unknown, at: number, heardAt: number): boolean {
    if (this.#intake.isFull) this.send();
    this.#intake.advance(heardAt);
    try {
      return at < this.#intake.row(input, producer, row, at, heardAt);
    } catch (error) {
      this.#options.onFailure('source', { stage: 'decode', row, heardAt, error });
      return false;
    }
  }

  /** A writer of an input says how far its event time has come. */
  stamp(input: number, producer: string, t: number, heardAt: number): void {
    if (this.#intake.isFull) this.send();
    this.#intake.advance(heardAt);
    this.#intake.stamp(input, producer, t, heardAt);
  }

  /** Log time comes to `now` without a row. */
  tick(now: number): void {
    if (now <= this.#intake.time) return;
    this.#intake.tick(now);
    this.send();
  }

  send(): Progress | undefined {
    if (this.#intake.entries === 0) return undefined;
    return this.#intake.send((node, item) => this.#wired.inlets.get(node)!.next(item));
  }

  /** No row will come any more: windows close, timers of event time fire. */
  end(): void {
    this.send();
    this.#intake.end();
    this.send();
  }

  /** A part of a saved state comes back. */
  restore(name: string, part: unknown): void {
    this.states.restore(name, part);
  }

  /** Event time as it was saved; the operators take it up before the first row. */
  restoreTime(eventTime: EventTime): void {
    this.#intake.restore(eventTime);
    this.#intake.resume();
    this.send();
  }

  saveTime(): EventTime {
    return this.#intake.eventTime;
  }

  close(): void {
    this.#stop();
  }
}
