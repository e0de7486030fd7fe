import type { TaskRecord, TopicWrite } from './log/log.ts';
import type { TaskSnapshot } from './state/task-snapshot.ts';

/** What a task knows at a barrier, and what its steps add to it as the barrier passes them. */
export interface Epoch {
  readonly epoch: number;
  readonly frontier: number;
  readonly begunAt: number;
  readonly states: Record<string, unknown>;
  /** All of the state, when this epoch also writes a new base. */
  readonly all: Record<string, Iterable<unknown>> | undefined;
  readonly positions: TaskSnapshot['positions'];
  readonly eventTime: TaskSnapshot['eventTime'];
}

interface Write extends TopicWrite {
  readonly records: TaskRecord[];
}

/** Rows that one sink, or the dead letters of one step, gathered since its last barrier, by `topic/partition`. */
type Gathered = Map<string, Write>;

const bytesOf = ({ key, value }: TaskRecord): number => key.length + value.length + 64;

interface OnItsWay {
  readonly epoch: Epoch;
  readonly waitingFor: Set<string>;
  readonly gathered: Map<string, Gathered>;
}

/**
 * Keeps apart what belongs to one epoch and what to the next while a barrier is on its way through the steps. An epoch
 * is complete when all participants, the sinks and the steps, have seen its barrier; epochs are completed in order.
 */
export class Epochs {
  readonly #participants: readonly string[];
  readonly #complete: (epoch: Epoch, writes: readonly TopicWrite[]) => void;
  readonly #onTheWay: OnItsWay[] = [];
  readonly #gathered = new Map<string, Gathered>();
  #bytes = 0;

  constructor(
    participants: readonly string[],
    complete: (epoch: Epoch, writes: readonly TopicWrite[]) => void,
  ) {
    this.#participants = participants;
    this.#complete = complete;
  }

  /** Barriers that have not passed everybody yet. */
  get onTheWay(): number {
    return this.#onTheWay.length;
  }

  /** Bytes of the rows that belong to no epoch yet, or to one whose barrier is on its way. */
  get bytes(): number {
    return this.#bytes;
  }

  get hasRows(): boolean {
    return this.#gathered.size > 0;
  }

  gather(who: string, topic: string, partition: number, record: TaskRecord): void {
    let gathered = this.#gathered.get(who);
    if (gathered === undefined) this.#gathered.set(who, (gathered = new Map()));
    const id = `${topic}/${partition}`;
    let write = gathered.get(id);
    if (write === undefined) gathered.set(id, (write = { topic, partition, records: [] }));
    write.records.push(record);
    this.#bytes += bytesOf(record);
  }

  begin(epoch: Epoch): void {
    this.#onTheWay.push({ epoch, waitingFor: new Set(this.#participants), gathered: new Map() });
  }

  find(epoch: number): Epoch | undefined {
    return this.#onTheWay.find((one) => one.epoch.epoch === epoch)?.epoch;
  }

  /** A participant has seen the barrier: what it did up to here belongs to the epoch, what follows does not. */
  arrived(who: string, epoch: number): void {
    const passing = this.#onTheWay.find((one) => one.epoch.epoch === epoch);
    if (passing === undefined || !passing.waitingFor.delete(who)) return;
    const gathered = this.#gathered.get(who);
    if (gathered !== undefined) {
      passing.gathered.set(who, gathered);
      this.#gathered.delete(who);
    }
    while (this.#onTheWay[0]?.waitingFor.size === 0) {
      const { epoch: complete, gathered: rows } = this.#onTheWay.shift()!;
      this.#complete(complete, this.#writesOf(rows));
    }
  }

  /**
   * What an epoch gathered, as one write a partition, in the order of log time and then of the sinks in the graph: the
   * same rows in the same order however the batches were cut.
   */
  #writesOf(gathered: ReadonlyMap<string, Gathered>): readonly TopicWrite[] {
    const writes = new Map<string, Write>();
    for (const who of this.#participants) {
      for (const [id, { topic, partition, records }] of gathered.get(who) ?? []) {
        const write = writes.get(id);
        if (write === undefined) writes.set(id, { topic, partition, records: [...records] });
        else for (const record of records) write.records.push(record);
      }
    }
    for (const { records } of writes.values()) {
      for (const record of records) this.#bytes -= bytesOf(record);
      records.sort((a, b) => a.heardAt - b.heardAt);
    }
    return [...writes.values()];
  }
}
