import type { SinkNode } from './graph.ts';
import type { Progress } from './item.ts';
import type { Log, TaskRecord } from './log/log.ts';
import { Stamps } from './stamps.ts';
import { WATERMARK_HEADER } from './topic.ts';

const NOTHING = new Uint8Array(0);

type Write = readonly [topic: string, partition: number, record: TaskRecord];

/** Writes a task's stamps into the topics of the pipeline's own, behind the rows that they concern, in each partition. */
export class StampWriter {
  readonly #log: Log;
  readonly #put: (sink: SinkNode, write: Write) => void;
  readonly #stamps = new Map<number, Stamps>();

  constructor(log: Log, put: (sink: SinkNode, write: Write) => void) {
    this.#log = log;
    this.#put = put;
  }

  write(sink: SinkNode, progress: Progress): void {
    let stamps = this.#stamps.get(sink.id);
    if (stamps === undefined) this.#stamps.set(sink.id, (stamps = new Stamps()));
    const { name } = sink.topic;
    for (const { t, heardAt } of stamps.of(progress)) {
      const record: TaskRecord = {
        key: '',
        value: NOTHING,
        headers: { [WATERMARK_HEADER]: String(t) },
        heardAt,
      };
      for (let partition = 0; partition < this.#log.partitionsOf(name); partition++)
        this.#put(sink, [name, partition, record]);
    }
  }
}
