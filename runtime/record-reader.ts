import { ForewarnError } from './forewarn-error.ts';
import type { Intake } from './intake.ts';
import type { LogRecord } from './log/log.ts';
import type { MomentMemory } from './moment-memory.ts';
import type { RowFailure } from './step.ts';
import type { TaskOptions } from './task-options.ts';
import { WATERMARK_HEADER } from './topic.ts';

/** A record that could not be read, and what became of it until then. */
type Refuse = (failure: RowFailure) => void;

/**
 * Makes rows of a beat of the records that a task takes. One that cannot be read, that fits no column, or whose event
 * time lies too far after it was heard is refused, with its bytes and its place in the log, and the rest goes on.
 */
export class RecordReader {
  readonly #inputs: TaskOptions['inputs'];
  readonly #intake: Intake;
  readonly #moments: MomentMemory;
  readonly #refuse: Refuse;

  constructor(inputs: TaskOptions['inputs'], intake: Intake, moments: MomentMemory, refuse: Refuse) {
    this.#inputs = inputs;
    this.#intake = intake;
    this.#moments = moments;
    this.#refuse = refuse;
  }

  /** Puts a record into the beat. Answers whether it is late. */
  take(index: number, record: LogRecord): boolean {
    const { source: topic, topic: name, partition, maxFutureMs } = this.#inputs[index]!;
    const { heardAt, producer } = record;
    this.#intake.advance(heardAt);
    const stamp = topic.internal ? record.headers[WATERMARK_HEADER] : undefined;
    if (stamp !== undefined) {
      this.#intake.stamp(index, producer, Number(stamp), heardAt);
      return false;
    }
    let stage: RowFailure['stage'] = 'decode';
    let row: unknown = null;
    try {
      row = topic.read(record);
      const at = topic.at(row, record);
      stage = 'validate';
      if (!Number.isFinite(at))
        throw new ForewarnError('FW402', `topic "${topic.name}": event time is ${at}`);
      if (at > heardAt + maxFutureMs) throw future(topic.name, at, heardAt, maxFutureMs);
      // What does not fit its columns could not be read either.
      stage = 'decode';
      const entry = this.#intake.entries;
      const origin = this.#intake.row(index, producer, row, at, heardAt, record.value);
      this.#moments.note(entry, index, record.offset);
      return at < origin;
    } catch (error) {
      const origin = { topic: name, partition, offset: record.offset };
      this.#refuse({ stage, row: row ?? record.value, heardAt, error, origin });
      return false;
    }
  }
}

const future = (topic: string, at: number, heardAt: number, maxFutureMs: number): ForewarnError =>
  new ForewarnError(
    'FW403',
    `topic "${topic}": event time ${at} is ${Math.round((at - heardAt) / 1_000)} s after it was heard, and at most ${maxFutureMs / 1_000} s are allowed`,
  );
