import type { KafkaConsumer, KafkaError, KafkaMessage, KafkaPlace } from '@confluentinc/kafka-javascript';
import { ask, type KafkaConnection, letGo } from './connection.ts';

/** Where reading begins, or what was read up to. */
export type Place = Pick<KafkaPlace, 'topic' | 'partition' | 'offset'>;

export interface Pulled {
  readonly messages: readonly KafkaMessage[];
  /** Partitions that have been read to their end by these messages, with the offset that comes next. */
  readonly ends: readonly Place[];
}

/** Bytes that one call should bring at most, judged by what the last ones brought. */
const WANTED_BYTES = 4 << 20;
/** The client tells when something has come; should it ever forget to, it is asked after so long. */
const LOOK_AGAIN_MS = 100;

/** Never flowing, and never paused: the client reads ahead as far as these bounds, and no further until it is pulled. */
const bounds = {
  'queued.min.messages': 1_000,
  'queued.max.messages.kbytes': 16_384,
  // How long it rests when it has read ahead so far. By default a second, in which what it has is read many times over.
  'fetch.queue.backoff.ms': 5,
  // How long a request rests with a broker that has nothing new: only its answer tells that an end was reached. By default 500 ms,
  // for which whoever starts, or takes a number, would wait several times.
  'fetch.wait.max.ms': 100,
  'fetch.message.max.bytes': 1 << 20,
  'fetch.max.bytes': 8 << 20,
  'receive.message.max.bytes': 256 << 20,
};

/**
 * Reads partitions that it was given, from offsets that it was given; offsets that a group knows are not looked at.
 * Bounded in rows and bytes; no thread of the process waits for records.
 */
export class PullConsumer {
  readonly #consumer: KafkaConsumer;
  #isAwake = false;
  #wake: (() => void) | undefined;
  /** Mean bytes of a record, lately. */
  #meanBytes = 1_024;
  #closed = false;
  #isInterrupted = false;
  #ends: Place[] = [];

  private constructor(consumer: KafkaConsumer) {
    this.#consumer = consumer;
    consumer.setDefaultConsumeTimeout(0);
    // Told before the messages that it comes after.
    consumer.on('partition.eof', (place: Place) => this.#ends.push(place));
  }

  static async open(
    connection: KafkaConnection,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<PullConsumer> {
    let awaken = (): void => undefined;
    const consumer = await connection.consumer(
      {
        // Asked for by the client, and never joined: partitions are assigned by hand.
        'group.id': 'forewarn',
        'enable.auto.commit': false,
        'enable.auto.offset.store': false,
        'enable.partition.eof': true,
        'isolation.level': 'read_committed',
        'allow.auto.create.topics': false,
        ...bounds,
        ...settings,
        queue_non_empty_cb: () => awaken(),
      },
      { 'auto.offset.reset': 'error' },
    );
    const opened = new PullConsumer(consumer);
    awaken = () => opened.#awaken();
    return opened;
  }

  /** From now on it reads these, and what it had read ahead of others is forgotten. */
  assign(places: readonly Place[]): void {
    this.#consumer.assign(bare(places));
  }

  /** It reads these too. Not while a `pull` is under way. */
  add(places: readonly Place[]): void {
    this.#consumer.incrementalAssign(bare(places));
  }

  /** It reads these no more. Not while a `pull` is under way. */
  remove(places: readonly Place[]): void {
    this.#consumer.incrementalUnassign(bare(places));
    // An end that was reached before they come again is not theirs.
    const gone = new Set(places.map(({ topic, partition }) => `${topic}/${partition}`));
    this.#ends = this.#ends.filter(({ topic, partition }) => !gone.has(`${topic}/${partition}`));
  }

  /** A `pull` that waits does so no longer, and the next one returns at once. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#awaken();
  }

  /** Records that have come, in the order of their partitions, and ends that were reached; nothing after `waitMs`. */
  async pull(waitMs: number): Promise<Pulled> {
    const most = Math.max(1, Math.min(1_000, Math.floor(WANTED_BYTES / this.#meanBytes)));
    for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
      if (this.#closed) return NOTHING;
      this.#isAwake = false;
      const messages = await ask<readonly KafkaMessage[]>((done) => this.#consumer.consume(most, done));
      if (messages.length > 0) {
        const bytes = messages.reduce((sum, { size }) => sum + size, 0);
        this.#meanBytes = Math.max(16, bytes / messages.length);
      }
      if (messages.length > 0 || this.#ends.length > 0) return { messages, ends: this.#ends.splice(0) };
      if (waited >= waitMs || this.#isInterrupted) {
        this.#isInterrupted = false;
        return NOTHING;
      }
      if (!this.#isAwake) await this.#sleep(Math.min(LOOK_AGAIN_MS, waitMs));
    }
  }

  /** Tells the broker how far its group is, for whoever looks at its lag: it is not waited for, and never read. */
  commit(places: readonly Place[]): void {
    if (this.#closed) return;
    try {
      this.#consumer.commit(bare(places));
    } catch {
      // Whoever looks sees an older offset; the next one comes soon.
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#awaken();
    await letGo(this.#consumer);
  }

  #awaken(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What the client takes, and nothing else that a place may carry. */
const bare = (places: readonly Place[]): Place[] =>
  places.map(({ topic, partition, offset }) => ({ topic, partition, offset }));

export const NOTHING: Pulled = { messages: [], ends: [] };

/** What a reader cannot get over by waiting: the offset is gone, the log was cut, the topic is not there. */
export const isLost = (error: unknown): boolean => [-140, -139, 1, 3].includes((error as KafkaError).code);

/** For reading history up to an end, and no further: nothing new is waited for. */
export const TO_AN_END = { 'fetch.wait.max.ms': 10 };
