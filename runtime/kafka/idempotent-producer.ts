import type { Producer } from '@confluentinc/kafka-javascript';
import { type KafkaConnection, letGo } from './connection.ts';
import { Deliveries } from './deliveries.ts';
import type { Outgoing } from './outgoing.ts';

/** A producer whose own retries write nothing twice; what it is given again after a failure may be there twice. */
export class IdempotentProducer {
  readonly #deliveries: Deliveries;
  readonly #producer: Producer;

  private constructor(producer: Producer) {
    this.#producer = producer;
    this.#deliveries = new Deliveries(producer);
  }

  static async open(
    connection: KafkaConnection,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<IdempotentProducer> {
    const producer = await connection.producer({
      'enable.idempotence': true,
      'linger.ms': 100,
      'compression.codec': 'lz4',
      dr_cb: true,
      ...settings,
    });
    return new IdempotentProducer(producer);
  }

  /** Resolves when the broker has taken all of them. */
  deliver(records: readonly Outgoing[]): Promise<readonly number[]> {
    return this.#deliveries.deliver(records);
  }

  async close(): Promise<void> {
    this.#deliveries.giveUp(new Error('the producer was closed'));
    await letGo(this.#producer);
  }
}
