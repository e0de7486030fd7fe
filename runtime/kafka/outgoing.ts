import type { KafkaHeader } from '@confluentinc/kafka-javascript';

/** A record on its way to Kafka. */
export interface Outgoing {
  readonly topic: string;
  /** -1 leaves it to the key, as the producer's partitioner places it. */
  readonly partition: number;
  readonly key: Buffer | string | null;
  /** null is a tombstone: a compacted topic forgets the key. */
  readonly value: Buffer | null;
  readonly headers: readonly KafkaHeader[];
  /** Whoever writes it in a transaction wants to know its own offset, and not only where its partition ends behind it. */
  readonly wantsOffset?: boolean;
}
