import { AtOnceWriter } from './at-once-writer.ts';
import type { SinkNode } from './graph.ts';
import type { Rows } from './item.ts';
import type { TaskRecord } from './log/log.ts';
import type { MomentMemory } from './moment-memory.ts';
import { StampWriter } from './stamp-writer.ts';
import type { RowFailure } from './step.ts';
import type { Task } from './task.ts';
import type { TaskOptions } from './task-options.ts';
import { jsonSchemaOf } from './topic.ts';

/** Gathers a record for the epoch that is open, as somebody's. */
export type Gather = (who: string, topic: string, partition: number, record: TaskRecord) => void;

/** Rows that leave a task: to the topics of its sinks, with their next commit or at once, and to dead letters. */
export class TaskOutputs {
  readonly #task: Task;
  readonly #options: TaskOptions;
  readonly #gather: Gather;
  readonly #moments: MomentMemory;
  readonly #stamps: StampWriter;
  readonly #atOnce: AtOnceWriter;

  constructor(
    task: Task,
    options: TaskOptions,
    moments: MomentMemory,
    gather: Gather,
    onError: (error: unknown) => void,
  ) {
    this.#task = task;
    this.#options = options;
    this.#gather = gather;
    this.#moments = moments;
    this.#stamps = new StampWriter(options.log, (sink, write) => gather(`sink:${sink.id}`, ...write));
    this.#atOnce = new AtOnceWriter(options.log, options.name, { onDone: () => task.wake(), onError });
  }

  /** Rows that are being written without a commit; they hold credit. */
  get underWay(): number {
    return this.#atOnce.underWay;
  }

  /** Rows of a sink go to their partitions; one that cannot be written is given up. */
  write(sink: SinkNode, rows: Rows<unknown>): void {
    const { body, at, heardAt, position, progress, size } = rows;
    const who = `sink:${sink.id}`;
    const schema = jsonSchemaOf(sink.topic);
    for (let index = 0; index < size; index++) {
      const row = body.row(index);
      const json = body.written(schema, index);
      try {
        this.#put(who, sink, row, at[index]!, heardAt[index]!, json);
      } catch (error) {
        const moment = { progress, position: position[index]! };
        const failure = { stage: 'sink' as const, row, heardAt: heardAt[index]!, error, moment };
        this.letter(who, `to ${sink.topic.name}`, failure);
      }
    }
    if (sink.topic.internal && rows.last) this.#stamps.write(sink, progress);
    this.#atOnce.flush(progress.heardAt[progress.size - 1] ?? this.#task.time);
  }

  /** A row that could not be used, with the record of the log that it came from. */
  letter(who: string, step: string, failed: RowFailure): void {
    const { moment } = failed;
    const origin = failed.origin ?? (moment === undefined ? undefined : this.#moments.find(moment));
    const failure = origin === undefined ? failed : { ...failed, origin };
    const { topic, row } = this.#options.deadLetter(failure, step, this.#task.name);
    this.#record(who, topic, row, failure.heardAt, failure.heardAt, undefined);
    this.#options.observer.failed(this.#task, step, failure);
  }

  #put(
    who: string,
    sink: SinkNode,
    row: unknown,
    at: number,
    heardAt: number,
    json: Uint8Array | undefined,
  ): void {
    const { topic, mode } = sink;
    if (mode === 'epoch') {
      this.#record(who, topic, row, at, heardAt, json);
      return;
    }
    this.#atOnce.put(topic.name, { key: topic.key(row), value: json ?? topic.write(row, at), heardAt });
    this.#options.observer.rowOut(this.#task, topic.name, row);
  }

  #record(
    who: string,
    topic: SinkNode['topic'],
    row: unknown,
    at: number,
    heardAt: number,
    json: Uint8Array | undefined,
  ): void {
    const key = topic.key(row);
    const partition = this.#options.log.partitionFor(topic.name, key);
    this.#gather(who, topic.name, partition, { key, value: json ?? topic.write(row, at), heardAt });
    this.#options.observer.rowOut(this.#task, topic.name, row);
  }
}
