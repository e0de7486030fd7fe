import type { Log, TaskRecord, TopicWrite } from './log/log.ts';

interface Write extends TopicWrite {
  readonly records: TaskRecord[];
}

/**
 * Writes rows of a task without waiting for its next commit, for sinks of the modes `keyed` and `append`. After a crash
 * the task does again what it had not committed, and so writes such rows again. No task may read these topics: the
 * order of log time, which a merge relies on, goes back where rows come again.
 */
export class AtOnceWriter {
  readonly #log: Log;
  readonly #producer: string;
  readonly #events: { readonly onDone: () => void; readonly onError: (error: unknown) => void };
  #writes = new Map<string, Write>();
  #epoch: number | undefined;
  #underWay = 0;

  constructor(
    log: Log,
    task: string,
    events: { readonly onDone: () => void; readonly onError: (error: unknown) => void },
  ) {
    this.#log = log;
    this.#producer = `${task}!`;
    this.#events = events;
  }

  /** Writes that are not durable yet; they hold the task's credit. */
  get underWay(): number {
    return this.#underWay;
  }

  put(topic: string, record: TaskRecord): void {
    const partition = this.#log.partitionFor(topic, record.key);
    const place = `${topic}/${partition}`;
    const write = this.#writes.get(place);
    if (write === undefined) this.#writes.set(place, { topic, partition, records: [record] });
    else write.records.push(record);
  }

  /** Sends what was put in; `heardAt` is the log time that the task has come to. */
  flush(heardAt: number): void {
    if (this.#writes.size === 0) return;
    const writes = [...this.#writes.values()];
    this.#writes = new Map();
    const epoch = (this.#epoch ?? this.#log.epoch(this.#producer)) + 1;
    this.#epoch = epoch;
    this.#underWay += 1;
    this.#log
      .commit({ producer: this.#producer, epoch, frontier: heardAt, writes })
      .catch(this.#events.onError)
      .finally(() => {
        this.#underWay -= 1;
        this.#events.onDone();
      });
  }
}
