import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { Brought } from '../log.ts';

/** What the brokers have sent to this process, by Kafka's topic and partition: whoever reads it, and if nobody does. */
export class Fetched {
  readonly #places = new Map<string, { records: number; bytes: number }>();

  count(messages: readonly KafkaMessage[]): void {
    for (const { topic, partition, size } of messages) {
      const place = `${topic}/${partition}`;
      const brought = this.#places.get(place);
      if (brought === undefined) this.#places.set(place, { records: 1, bytes: size });
      else {
        brought.records += 1;
        brought.bytes += size;
      }
    }
  }

  get places(): ReadonlyMap<string, Brought> {
    return this.#places;
  }
}
