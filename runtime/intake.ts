import { BeatBuilder } from './beat-builder.ts';
import type { Stage } from './graph.ts';
import type { Item, Progress } from './item.ts';
import type { EventTime } from './state/task-snapshot.ts';
import { type WatermarkInput, Watermarks } from './watermarks.ts';

export interface IntakeInput extends WatermarkInput {
  /** Source node that its rows go to. */
  readonly node: number;
}

/** Puts what a task takes into beats, in the order in which it comes, and keeps event time by it. */
export class Intake {
  readonly #inputs: readonly IntakeInput[];
  readonly #beats: BeatBuilder;
  readonly #watermarks: Watermarks;
  #time = -Infinity;

  constructor(stage: Pick<Stage, 'nodes' | 'sources'>, inputs: readonly IntakeInput[], idleMs: number) {
    this.#inputs = inputs;
    this.#beats = new BeatBuilder(stage);
    this.#watermarks = new Watermarks(inputs, idleMs);
  }

  /** Log time that the beats which were sent have come to. */
  get time(): number {
    return this.#time;
  }

  get watermark(): number {
    return this.#watermarks.watermark;
  }

  get eventTime(): EventTime {
    return this.#watermarks.snapshot();
  }

  get rows(): number {
    return this.#beats.rows;
  }

  /** Entries of the beat that is being made; the next row is the one with this number. */
  get entries(): number {
    return this.#beats.entries;
  }

  get isFull(): boolean {
    return this.#beats.isFull;
  }

  /** Event time as a checkpoint has it; the operators take it up with the first beat, which `resume` makes. */
  restore(eventTime: EventTime): void {
    this.#watermarks.restore(eventTime);
  }

  resume(): void {
    if (this.watermark !== -Infinity) this.#beats.tick(-Infinity, this.watermark);
  }

  /** Log time comes to `now`: inputs that have been silent for long enough hold nothing back from their moments on. */
  advance(now: number): void {
    let before = this.watermark;
    for (let at = this.#watermarks.idleBefore(now); at !== undefined; at = this.#watermarks.idleBefore(now)) {
      if (this.watermark > before && !this.#beats.isFull) this.#beats.tick(at, this.watermark);
      before = this.watermark;
    }
  }

  /**
   * A row, at the log time that `advance` has come to, and the bytes that it was read from. The answer is its origin: below it, it is
   * late. Throws a TypeError where it does not fit its columns; then it tells nothing of event time either.
   */
  row(input: number, producer: string, row: unknown, at: number, heardAt: number, json?: Uint8Array): number {
    const origin = this.#watermarks.originOf(input, producer, heardAt);
    this.#beats.row(this.#inputs[input]!.node, row, at, heardAt, origin, json);
    this.#watermarks.row(input, producer, at);
    this.#beats.setWatermark(this.watermark);
    return origin;
  }

  /** A writer says how far its event time has come. */
  stamp(input: number, producer: string, t: number, heardAt: number): void {
    this.#watermarks.stamp(input, producer, t, heardAt);
    this.#beats.tick(heardAt, this.watermark);
  }

  /** Log time has come to `now` without a row. */
  tick(now: number): void {
    this.advance(now);
    this.#beats.tick(now, this.watermark);
  }

  /** No row will come any more. */
  end(): void {
    this.#watermarks.end();
    this.#beats.tick(this.#time, Infinity);
  }

  send(to: (node: number, item: Item<unknown>) => void): Progress {
    const progress = this.#beats.send(to);
    if (progress.size > 0) this.#time = Math.max(this.#time, progress.heardAt[progress.size - 1]!);
    return progress;
  }
}
