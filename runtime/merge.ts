import type { Log, LogRecord } from './log/log.ts';
import { LOG_TIME_STEP } from './log/log-time.ts';
import { MergeQueue } from './merge-queue.ts';

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

interface Input extends Pick<MergeInput, 'topic' | 'partition'> {
  /** Whoever has a frontier of its own. */
  readonly writers: readonly string[];
  readonly queues: Map<string, MergeQueue>;
  read: number;
}

const EXTERNAL = 'external';
const writerOf = ({ producer, stamper }: LogRecord): string => stamper ?? producer;

/** Read ahead of one input; while one of its producers is waited for, each of the others may queue its share of this. */
const BYTES_AHEAD = 1 << 20;

/**
 * Puts the records of several inputs into one order that is the same in every run: by (log time, input, producer,
 * stamper, offset). A record is handed out only when no input can bring an earlier one any more, which the producers' frontiers
 * tell; so neither the speed of a producer nor the moment of a crash changes the order.
 * a: 1, 5 (frontier 6) · b: 3 (frontier 4) → 1, 3; then 5 waits until b's frontier reaches 5.
 */
export class Merge {
  readonly #log: Log;
  readonly #inputs: readonly Input[];
  readonly #bytesAhead: number;
  /** Log time of the record that was handed out last. */
  #last = -Infinity;
  #peekedAt = Infinity;

  constructor(
    log: Log,
    inputs: readonly MergeInput[],
    positions: Readonly<Record<string, InputPosition>>,
    bytesAhead = BYTES_AHEAD,
  ) {
    this.#log = log;
    this.#bytesAhead = bytesAhead;
    this.#inputs = inputs.map(({ topic, partition, producers }) => {
      const position = positions[`${topic}/${partition}`];
      const writers = producers.flatMap((producer) =>
        producer === EXTERNAL ? (log.stampers ?? [EXTERNAL]) : [producer],
      );
      const queues = new Map(writers.map((writer) => [writer, new MergeQueue()]));
      for (const [writer, done] of Object.entries(position?.done ?? {})) queueOf(queues, writer).done = done;
      return { topic, partition, writers, queues, read: position?.resume ?? 0 };
    });
  }

  /** Reads ahead what is durable, as far as memory allows, and learns the frontiers. */
  async fill(): Promise<void> {
    for (const input of this.#inputs) {
      await this.#readAgain(input);
      // First the frontiers, then the end: what lies at or below a frontier is durable by then, and so before the end.
      const frontiers = input.writers.map((writer) => this.#log.frontier(writer));
      const end = this.#log.end(input.topic, input.partition);
      while (input.read < end && this.#hasRoom(input)) {
        const records = await this.#log.read(input.topic, input.partition, input.read);
        let held = bytesIn(input);
        for (const record of records) {
          const queue = queueOf(input.queues, writerOf(record));
          if (record.offset < queue.done || queue.leftFrom !== undefined) continue;
          if (held >= 2 * this.#bytesAhead && queue.bytes >= this.#shareOf(input))
            queue.leftFrom = record.offset;
          else held += queue.push(record);
        }
        input.read = records.at(-1)!.offset + 1;
      }
      if (input.read < end) continue;
      input.writers.forEach((writer, index) => {
        const queue = input.queues.get(writer)!;
        queue.frontier = Math.max(queue.frontier, frontiers[index]!);
      });
    }
  }

  /** True when `fill` would read more. */
  get canFill(): boolean {
    return this.#inputs.some(
      (input) =>
        (input.read < this.#log.end(input.topic, input.partition) && this.#hasRoom(input)) ||
        this.#wanting(input).length > 0,
    );
  }

  /** What is read and not handed out: at most three times `bytesAhead` an input, whoever is waited for. */
  get held(): { readonly rows: number; readonly bytes: number } {
    let rows = 0;
    let bytes = 0;
    for (const input of this.#inputs) {
      bytes += bytesIn(input);
      for (const queue of input.queues.values()) rows += queue.rows;
    }
    return { rows, bytes };
  }

  /** Index of the input whose record is next, or -1 when none may be handed out yet. */
  peek(): number {
    let best: LogRecord | undefined;
    let bestInput = -1;
    let gate = Infinity;
    for (let index = 0; index < this.#inputs.length; index++) {
      for (const queue of this.#inputs[index]!.queues.values()) {
        const { first } = queue;
        if (first === undefined) {
          // What comes next of it is in the log, and is to be read again first.
          if (queue.leftFrom !== undefined) return -1;
          gate = Math.min(gate, queue.frontier);
        } else if (best === undefined || first.heardAt < best.heardAt) {
          best = first;
          bestInput = index;
        }
      }
    }
    this.#peekedAt = best?.heardAt ?? Infinity;
    return best === undefined || best.heardAt > gate ? -1 : bestInput;
  }

  /** Log time of the record that `peek` has found. */
  get peekedAt(): number {
    return this.#peekedAt;
  }

  take(index: number): LogRecord {
    const input = this.#inputs[index]!;
    let best: MergeQueue | undefined;
    for (const queue of input.queues.values()) {
      if (queue.first === undefined) continue;
      if (best?.first === undefined || queue.first.heardAt < best.first.heardAt) best = queue;
    }
    const record = best!.take();
    this.#last = Math.max(this.#last, record.heardAt);
    return record;
  }

  /**
   * Log time up to which everything has been handed out: what comes later lies above it. Undefined while more records
   * of the last one's log time may come: to cut there would order the rows of one moment by where the cut was.
   * handed out 5, waiting 5 → undefined · handed out 5, waiting 9 → just below 9 · waiting nothing, frontier 7 → 7.
   */
  get frontier(): number | undefined {
    let frontier = Infinity;
    for (const input of this.#inputs) {
      for (const { first, leftFrom, frontier: promised } of input.queues.values()) {
        if (first === undefined && leftFrom !== undefined) return undefined;
        if (first === undefined ? promised < this.#last : first.heardAt <= this.#last) return undefined;
        frontier = Math.min(frontier, first === undefined ? promised : first.heardAt - LOG_TIME_STEP);
      }
    }
    return Math.max(frontier, this.#last);
  }

  /** Records that are durable and not yet handed out. */
  get lag(): number {
    return this.#inputs.reduce((sum, _, index) => sum + this.lagOf(index), 0);
  }

  /** The same of one input. */
  lagOf(index: number): number {
    const input = this.#inputs[index]!;
    return this.#log.end(input.topic, input.partition) - positionOf(input).resume;
  }

  positions(): Record<string, InputPosition> {
    return Object.fromEntries(
      this.#inputs.map((input) => [`${input.topic}/${input.partition}`, positionOf(input)]),
    );
  }

  /**
   * An input without a record of some producer may hold back all the others: it is read on until there is one. What the
   * others wrote before it stays in the log past their share, and is read again when it is their turn.
   */
  #hasRoom(input: Input): boolean {
    if (bytesIn(input) < this.#bytesAhead) return true;
    for (const { first, leftFrom, frontier } of input.queues.values())
      if (first === undefined && leftFrom === undefined && frontier !== Infinity) return true;
    return false;
  }

  #shareOf({ queues }: Input): number {
    return this.#bytesAhead / queues.size;
  }

  /** Producers of whose records little is left here and more in the log. */
  #wanting(input: Input): readonly MergeQueue[] {
    const little = this.#shareOf(input) / 2;
    return [...input.queues.values()].filter(
      ({ leftFrom, bytes }) => leftFrom !== undefined && bytes < little,
    );
  }

  async #readAgain(input: Input): Promise<void> {
    const { topic, partition, queues } = input;
    for (let wanting = this.#wanting(input); wanting.length > 0; wanting = this.#wanting(input)) {
      const from = Math.min(...wanting.map(({ leftFrom }) => leftFrom!));
      const records = await this.#log.read(topic, partition, from);
      const until = Math.min(records.at(-1)!.offset + 1, input.read);
      // Others take what comes by, but for those that would miss something of theirs before it.
      const taking = new Set([...queues.values()].filter(({ leftFrom }) => leftFrom! >= from));
      for (const record of records) {
        const queue = queues.get(writerOf(record));
        if (record.offset >= until) break;
        if (queue === undefined || !taking.has(queue) || record.offset < queue.leftFrom!) continue;
        if (queue.bytes >= this.#shareOf(input)) {
          queue.leftFrom = record.offset;
          taking.delete(queue);
        } else queue.push(record);
      }
      for (const queue of taking) {
        const next = Math.max(queue.leftFrom!, until);
        queue.leftFrom = next < input.read ? next : undefined;
      }
    }
  }
}

const bytesIn = ({ queues }: Input): number => {
  let bytes = 0;
  for (const queue of queues.values()) bytes += queue.bytes;
  return bytes;
};

const positionOf = (input: Input): InputPosition => {
  let resume = input.read;
  const done: Record<string, number> = {};
  for (const [producer, queue] of input.queues) {
    const first = queue.first?.offset ?? queue.leftFrom;
    if (first !== undefined) resume = Math.min(resume, first);
    done[producer] = queue.done;
  }
  return { resume, done };
};

/**
 * A producer that the definition does not know any more, such as a task of a stage that had more partitions, has a
 * queue of its own. Nobody waits for it; what it left is handed out once, in the order of log time as far as it is there.
 */
const queueOf = (queues: Map<string, MergeQueue>, producer: string): MergeQueue => {
  let queue = queues.get(producer);
  if (queue === undefined) {
    queues.set(producer, (queue = new MergeQueue()));
    queue.frontier = Infinity;
  }
  return queue;
};
