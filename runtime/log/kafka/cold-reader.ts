import { setTimeout as pause } from 'node:timers/promises';
import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { isLost, NOTHING, PullConsumer, type Pulled, TO_AN_END } from '../../kafka/pull-consumer.ts';
import { runsOf } from '../../kafka/runs.ts';
import { untilAnswered } from '../../kafka/until-answered.ts';
import type { LogRecord } from '../log.ts';
import type { Fetched } from './fetched.ts';
import { fromKafka } from './kafka-record.ts';
import { closed } from './log-end.ts';

export interface ColdRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  /** Behind the last record that is known to be there: reading does not wait for more. */
  readonly end: number;
  readonly maxBytes: number;
}

interface Seat {
  readonly consumer: PullConsumer;
  topic: string;
  partition: number;
  /** Next offset that it would bring, and what it has brought and nobody has taken. */
  next: number;
  ahead: LogRecord[];
}

/** Consumers of one process that read history. */
const SEATS = 3;
const WAIT_MS = 1_000;
const AGAIN_AFTER_MS = 200;
/** Bytes that are taken ahead of what was asked for, in case the reader goes on from there. */
const AHEAD_BYTES = 4 << 20;

/**
 * Reads what lies further back than memory goes. A reader that goes on where it stopped finds its consumer still there,
 * which has read ahead; for any other offset a consumer is sent there, which costs a round trip.
 */
export class ColdReader {
  readonly #connection: KafkaConnection;
  readonly #free: Seat[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #patienceMs: number;
  readonly #fetched: Fetched;
  #made = 0;
  #closed = false;

  /** What is there and does not come within `patienceMs` never will: FW609. */
  constructor(connection: KafkaConnection, patienceMs: number, fetched: Fetched) {
    this.#connection = connection;
    this.#fetched = fetched;
    this.#patienceMs = patienceMs;
  }

  /** Durable records of the range from its begin on, at most about `maxBytes`, at least one where there is one. */
  async read(range: ColdRange): Promise<readonly LogRecord[]> {
    if (range.from >= range.end) return [];
    const seat = await this.#take(range);
    try {
      return await this.#readAt(seat, range);
    } catch (error) {
      leave(seat);
      throw isLost(error) ? lost(range, error) : error;
    } finally {
      this.#free.push(seat);
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#free.splice(0).map(({ consumer }) => consumer.close()));
  }

  async #readAt(
    seat: Seat,
    { topic, partition, from, end, maxBytes }: ColdRange,
  ): Promise<readonly LogRecord[]> {
    if (seat.topic !== topic || seat.partition !== partition || seat.next !== from) {
      seat.consumer.assign([{ topic, partition, offset: from }]);
      Object.assign(seat, { topic, partition, next: from, ahead: [] });
    }
    let bytes = seat.ahead.reduce((sum, { value }) => sum + value.length + 64, 0);
    for (let waitedMs = 0; (seat.ahead.at(-1)?.offset ?? -1) < end - 1 && bytes < maxBytes;) {
      const { messages, ends } = await this.#pull(seat);
      const runs = runsOf(messages);
      this.#fetched.count(runs);
      waitedMs = messages.length + ends.length === 0 ? waitedMs + WAIT_MS : 0;
      if (waitedMs >= this.#patienceMs) throw stalled(topic, partition, from);
      for (const run of runs) {
        if (run.topic !== topic || run.partition !== partition) continue;
        for (const message of run.messages) {
          const record = fromKafka(message);
          seat.ahead.push(record);
          bytes += record.value.length + 64;
        }
      }
    }
    const taken: LogRecord[] = [];
    let takenBytes = 0;
    for (const record of seat.ahead) {
      if (record.offset >= end || (taken.length > 0 && takenBytes >= maxBytes)) break;
      taken.push(record);
      takenBytes += record.value.length + 64;
    }
    seat.ahead = seat.ahead.slice(taken.length);
    seat.next = (taken.at(-1)?.offset ?? from - 1) + 1;
    // At the end, or far ahead of its reader, it would only ask in vain or fill memory.
    if (seat.next >= end || bytes - takenBytes > AHEAD_BYTES) leave(seat);
    return taken;
  }

  /** Nothing where the client says that brokers are away, which it mends by itself. */
  async #pull({ consumer }: Seat): Promise<Pulled> {
    try {
      return await consumer.pull(WAIT_MS);
    } catch (error) {
      if (isLost(error) || this.#closed) throw error;
      await pause(WAIT_MS);
      return NOTHING;
    }
  }

  /** Undefined when the end has come meanwhile. */
  #opened(): Promise<PullConsumer | undefined> {
    // A request that waits at an end would hold back the next one for other records.
    return untilAnswered(() => PullConsumer.open(this.#connection, TO_AN_END), {
      isNeeded: () => !this.#closed,
      againAfterMs: AGAIN_AFTER_MS,
      // Who follows the ends says so.
      onAway: () => undefined,
    });
  }

  async #take({ topic, partition, from }: ColdRange): Promise<Seat> {
    for (;;) {
      if (this.#closed) throw closed();
      const same = this.#free.findIndex(
        (seat) => seat.topic === topic && seat.partition === partition && seat.next === from,
      );
      if (same >= 0) return this.#free.splice(same, 1)[0]!;
      if (this.#made < SEATS) {
        this.#made += 1;
        try {
          const consumer = await this.#opened();
          if (consumer === undefined) throw closed();
          return { consumer, topic: '', partition: -1, next: -1, ahead: [] };
        } catch (error) {
          this.#made -= 1;
          throw error;
        }
      }
      // The one that was used longest ago.
      const seat = this.#free.shift();
      if (seat !== undefined) return seat;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

const leave = (seat: Seat): void => {
  seat.consumer.assign([]);
  Object.assign(seat, { topic: '', partition: -1, next: -1, ahead: [] });
};

const lost = ({ topic, partition, from }: ColdRange, cause: unknown): ForewarnError =>
  new ForewarnError(
    'FW301',
    `Kafka has dropped records of ${topic}/${partition} from offset ${from} on, and they are still needed; set the retention of the topic to -1, and start again with an empty prefix`,
    { cause },
  );

const stalled = (topic: string, partition: number, from: number): ForewarnError =>
  new ForewarnError(
    'FW609',
    `Kafka brings nothing of ${topic}/${partition} from offset ${from} on, though there is more; see its brokers`,
  );
