import type { Producer } from '@confluentinc/kafka-javascript';
import { type KafkaConnection, letGo } from './connection.ts';

/**
 * Sends small records that are true whoever reads them and worth nothing a second later: nobody waits for them, and one
 * that is lost is said again with the next. In the order of sending, without a transaction.
 */
export class PlainProducer {
  readonly #producer: Producer;

  private constructor(producer: Producer) {
    this.#producer = producer;
    producer.setPollInBackground(true);
  }

  static async open(connection: KafkaConnection): Promise<PlainProducer> {
    const producer = await connection.producer({
      'enable.idempotence': true,
      'linger.ms': 0,
      'compression.codec': 'lz4',
      'queue.buffering.max.messages': 1_000,
      // What is older is not worth sending.
      'message.timeout.ms': 5_000,
    });
    return new PlainProducer(producer);
  }

  send(topic: string, key: string, value: Buffer): void {
    try {
      this.#producer.produce(topic, 0, value, key, null);
    } catch {
      // The broker is away and the line is full: the next one says more.
    }
  }

  async close(): Promise<void> {
    if (!this.#producer.isConnected()) return;
    await letGo(this.#producer);
  }
}
