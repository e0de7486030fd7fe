import type { Log, LogRecord } from './log/log.ts';

/** One partition of a topic as a task reads it. */
export interface MergeInput {
  readonly topic: string;
  readonly partition: number;
  /** Who writes it: tasks, or `external` alone for what comes from outside. */
  readonly producers: readonly string[];
}

/** Where a task has come to in one input: where to read again, and per producer what was done already after that. */
export interface InputPosition {
  readonly resume: number;
  readonly done: Readonly<Record<string, number>>;
}

class Queue {
  #records: LogRecord[] = [];
  #head = 0;
  /** Nothing at or below this log time will come any more than what is queued. */
  frontier = -Infinity;
  /** Offsets below this were taken. */
  done = 0;

  get first(): LogRecord | undefined {
    return this.#records[this.#head];
  }

  push(record: LogRecord): void {
    this.#records.push(record);
  }

  take(): LogRecord {
    const record = this.#records[this.#head]!;
    this.#head += 1;
    this.done = record.offset + 1;
    if (this.#head === this.#records.length) {
      this.#records = [];
      this.#head = 0;
    } else if (this.#head > 4_096) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    return record;
  }
}

interface Input extends MergeInput {
  readonly queues: ReadonlyMap<string, Queue>;
  read: number;
  queuedBytes: number;
}

const BYTES_AHEAD = 1 << 20;

/**
 * Puts the records of several inputs into one order that is the same in every run: by (log time, input, producer,
 * offset). A record is handed out only when no input can bring an earlier one any more, which the producers' frontiers
 * tell; so neither the speed of a producer nor the moment of a crash changes the order.
 * a: 1, 5 (frontier 6) · b: 3 (frontier 4) → 1, 3; then 5 waits until b's frontier reaches 5.
 */
export class Merge {
  readonly #log: Log;
  readonly #inputs: readonly Input[];

  constructor(log: Log, inputs: readonly MergeInput[], positions: Readonly<Record<string, InputPosition>>) {
    this.#log = log;
    this.#inputs = inputs.map((input) => {
      const position = positions[`${input.topic}/${input.partition}`];
      const queues = new Map(input.producers.map((producer) => [producer, new Queue()]));
      for (const [producer, queue] of queues) queue.done = position?.done[producer] ?? 0;
      return { ...input, queues, read: position?.resume ?? 0, queuedBytes: 0 };
    });
  }

  /** Reads ahead what is durable, as far as memory allows, and learns the frontiers. */
  async fill(): Promise<void> {
    for (const input of this.#inputs) {
      const frontiers = input.producers.map((producer) => this.#log.frontier(producer));
      const end = this.#log.end(input.topic, input.partition);
      while (input.read < end && (input.queuedBytes < BYTES_AHEAD || starving(input))) {
        const records = await this.#log.read(input.topic, input.partition, input.read);
        for (const record of records) {
          const queue = input.queues.get(record.producer);
          // A producer that the definition does not know any more wrote it: it is in time order with no one.
          const target = queue ?? [...input.queues.values()][0]!;
          if (record.offset >= target.done) {
            target.push(record);
            input.queuedBytes += record.value.length + 64;
          }
        }
        input.read = records.at(-1)!.offset + 1;
      }
      if (input.read >= end) {
        input.producers.forEach((producer, index) => {
          const queue = input.queues.get(producer)!;
          queue.frontier = Math.max(queue.frontier, frontiers[index]!);
        });
      }
    }
  }

  /** Index of the input whose record is next, or -1 when none may be handed out yet. */
  peek(): number {
    let best: LogRecord | undefined;
    let bestInput = -1;
    let gate = Infinity;
    for (let index = 0; index < this.#inputs.length; index++) {
      for (const queue of this.#inputs[index]!.queues.values()) {
        const { first } = queue;
        if (first === undefined) gate = Math.min(gate, queue.frontier);
        else if (best === undefined || first.heardAt < best.heardAt) {
          best = first;
          bestInput = index;
        }
      }
    }
    return best === undefined || best.heardAt > gate ? -1 : bestInput;
  }

  take(index: number): LogRecord {
    const input = this.#inputs[index]!;
    let best: Queue | undefined;
    for (const queue of input.queues.values()) {
      if (queue.first === undefined) continue;
      if (best?.first === undefined || queue.first.heardAt < best.first.heardAt) best = queue;
    }
    const record = best!.take();
    input.queuedBytes -= record.value.length + 64;
    return record;
  }

  /** Log time up to which everything has been handed out; what comes later is above it, or at it and waiting. */
  get safeTime(): number {
    let time = Infinity;
    for (const input of this.#inputs) {
      for (const queue of input.queues.values())
        time = Math.min(time, queue.first?.heardAt ?? queue.frontier);
    }
    return time;
  }

  /** True when a record waits that was read but may not be handed out yet. */
  get holding(): boolean {
    return this.#inputs.some((input) => input.queuedBytes > 0);
  }

  /** Records that are durable and not yet handed out. */
  get lag(): number {
    return this.#inputs.reduce((sum, input) => {
      const { resume } = this.#position(input);
      return sum + this.#log.end(input.topic, input.partition) - resume;
    }, 0);
  }

  positions(): Record<string, InputPosition> {
    return Object.fromEntries(
      this.#inputs.map((input) => [`${input.topic}/${input.partition}`, this.#position(input)]),
    );
  }

  #position(input: Input): InputPosition {
    let resume = input.read;
    const done: Record<string, number> = {};
    for (const [producer, queue] of input.queues) {
      if (queue.first !== undefined) resume = Math.min(resume, queue.first.offset);
      done[producer] = queue.done;
    }
    return { resume, done };
  }
}

const starving = (input: Input): boolean => {
  for (const queue of input.queues.values()) if (queue.first === undefined) return true;
  return false;
};
