import { BeatBuilder } from '../beat-builder.ts';
import type { SinkNode, Stage } from '../graph.ts';
import type { Progress, Rows } from '../item.ts';
import { StepStates } from '../state/step-states.ts';
import type { RowFailure, Services, StepCount } from '../step.ts';
import { wireStage, type WiredStage } from '../task-plan.ts';
import { Watermarks, type WatermarkInput } from '../watermarks.ts';

export interface KernelInput extends WatermarkInput {
  readonly node: number;
}

export interface KernelOptions {
  readonly stage: Stage;
  readonly partition: number;
  readonly inputs: readonly KernelInput[];
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
  readonly #beats: BeatBuilder;
  readonly #watermarks: Watermarks;
  readonly #stop: () => void;
  readonly states = new StepStates();
  #time = -Infinity;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#watermarks = new Watermarks(options.inputs, options.idleMs);
    this.#beats = new BeatBuilder(options.stage.sources);
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
    return this.#watermarks.watermark;
  }

  /** A row of an input; answers whether it is late. Sends a beat where it is full. */
  row(input: number, producer: string, row: unknown, at: number, heardAt: number): boolean {
    const watermarks = this.#watermarks;
    if (this.#beats.isFull) this.send();
    this.#becomeIdle(heardAt);
    const origin = watermarks.originOf(input, producer, heardAt);
    try {
      this.#beats.row(this.#options.inputs[input]!.node, row, at, heardAt, origin);
    } catch (error) {
      this.#options.onFailure('source', { stage: 'decode', row, heardAt, error });
      return false;
    }
    watermarks.row(input, producer, at);
    this.#beats.setWatermark(watermarks.watermark);
    return at < origin;
  }

  /** A writer of an input says how far its event time has come. */
  stamp(input: number, producer: string, t: number, heardAt: number): void {
    if (this.#beats.isFull) this.send();
    this.#becomeIdle(heardAt);
    this.#watermarks.stamp(input, producer, t, heardAt);
    this.#beats.tick(heardAt, this.#watermarks.watermark);
  }

  /** Log time comes to `now` without a row. */
  tick(now: number): void {
    if (now <= this.#time) return;
    this.#becomeIdle(now);
    this.#beats.tick(now, this.#watermarks.watermark);
    this.send();
  }

  send(): Progress | undefined {
    if (this.#beats.entries === 0) return undefined;
    const progress = this.#beats.send((node, item) => this.#wired.inlets.get(node)!.next(item));
    this.#time = Math.max(this.#time, progress.heardAt[progress.size - 1]!);
    return progress;
  }

  /** No row will come any more: windows close, timers of event time fire. */
  end(): void {
    this.send();
    this.#watermarks.end();
    this.#beats.tick(this.#time, Infinity);
    this.send();
  }

  /** A part of a saved state comes back. */
  restore(name: string, part: unknown): void {
    this.states.restore(name, part);
  }

  /** Event time as it was saved; the operators take it up before the first row. */
  restoreTime(snapshot: ReturnType<Watermarks['snapshot']>): void {
    this.#watermarks.restore(snapshot);
    if (this.#watermarks.watermark === -Infinity) return;
    this.#beats.tick(-Infinity, this.#watermarks.watermark);
    this.send();
  }

  saveTime(): ReturnType<Watermarks['snapshot']> {
    return this.#watermarks.snapshot();
  }

  close(): void {
    this.#stop();
  }

  #becomeIdle(now: number): void {
    let before = this.#watermarks.watermark;
    for (let at = this.#watermarks.idleBefore(now); at !== undefined; at = this.#watermarks.idleBefore(now)) {
      const { watermark } = this.#watermarks;
      if (watermark > before && !this.#beats.isFull) this.#beats.tick(at, watermark);
      before = watermark;
    }
  }
}
