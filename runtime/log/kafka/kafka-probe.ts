import type { KafkaConsumer, KafkaMessage } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../../forewarn-error.ts';
import { ask, type KafkaConnection, notAnswering, letGo } from '../../kafka/connection.ts';
import { PullConsumer, TO_AN_END } from '../../kafka/pull-consumer.ts';

const WITHIN_MS = 30_000;

export interface Watermarks {
  /** First offset that is there. */
  readonly low: number;
  /** Behind everything that was written, committed or not. */
  readonly high: number;
}

/** Asks the brokers where partitions begin and end, and reads small topics whole. */
export class KafkaProbe {
  readonly #connection: KafkaConnection;
  readonly #consumer: KafkaConsumer;

  private constructor(connection: KafkaConnection, consumer: KafkaConsumer) {
    this.#connection = connection;
    this.#consumer = consumer;
  }

  static async open(connection: KafkaConnection): Promise<KafkaProbe> {
    // A client that reads what is committed is told the end of that: where the oldest open transaction begins, which may be
    // anybody's, and before commits that have been made since.
    const settings = { 'group.id': 'forewarn', 'isolation.level': 'read_uncommitted' };
    return new KafkaProbe(connection, await connection.consumer(settings));
  }

  async watermarks(topic: string, partition: number): Promise<Watermarks> {
    try {
      const { lowOffset, highOffset } = await ask<{
        readonly lowOffset: number;
        readonly highOffset: number;
      }>((done) => this.#consumer.queryWatermarkOffsets(topic, partition, WITHIN_MS, done));
      return { low: lowOffset, high: highOffset };
    } catch (error) {
      throw notAnswering(this.#connection.address, error);
    }
  }

  /** All of partition 0 up to its end of now, in order; `uncommitted` too if that is asked for. */
  async readAll(
    topic: string,
    isolation: 'committed' | 'uncommitted',
    take: (message: KafkaMessage) => void,
  ): Promise<number> {
    const { low, high } = await this.watermarks(topic, 0);
    if (low >= high) return high;
    const reader = await PullConsumer.open(this.#connection, {
      'isolation.level': `read_${isolation}`,
      ...TO_AN_END,
    });
    try {
      reader.assign([{ topic, partition: 0, offset: low }]);
      let next = low;
      for (let silentMs = 0; next < high;) {
        const { messages, ends } = await reader.pull(1_000);
        for (const message of messages) {
          take(message);
          next = message.offset + 1;
        }
        for (const { offset } of ends) next = Math.max(next, offset);
        silentMs = messages.length + ends.length > 0 ? 0 : silentMs + 1_000;
        if (silentMs > WITHIN_MS) throw stuck(topic, next);
      }
      return next;
    } finally {
      await reader.close();
    }
  }

  async close(): Promise<void> {
    await letGo(this.#consumer);
  }
}

const stuck = (topic: string, offset: number): ForewarnError =>
  new ForewarnError(
    'FW609',
    `Kafka brings nothing of ${topic} from offset ${offset} on: a transaction of a process that died may still be open there; start again in a minute`,
  );
