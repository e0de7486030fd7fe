import { z } from 'zod';
import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { WantedTopic } from '../../runtime/kafka/ensure-topics.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';

const sinkPosition = z.object({
  format: z.literal(1),
  /** How often the data folder had been rewound. */
  generation: z.int(),
  /** Next offset of our log. */
  next: z.int(),
  /** Log time of the row before it: another log has another row there. Null where none has been written. */
  heardAt: z.number().nullable(),
});

/** How far a sink has come in a partition; it is written with its rows, into the Kafka that they go to. */
export type SinkPosition = z.infer<typeof sinkPosition>;

export const positionsTopicOf = (prefix: string): string => `${prefix}.sink-positions`;

/** Topic of the positions of all sinks of one prefix, by sink and partition; compaction leaves the last of each. */
export const positionsTopic = (prefix: string): WantedTopic => ({
  name: positionsTopicOf(prefix),
  partitions: 1,
  config: { 'cleanup.policy': 'compact', 'segment.ms': String(60 * 60_000) },
  mend: 'give another sinks.kafka.prefix',
});

export const positionRecord = (topic: string, key: string, position: SinkPosition): Outgoing => ({
  topic,
  partition: 0,
  key,
  value: Buffer.from(JSON.stringify(position)),
  headers: [],
});

/** Undefined for a tombstone. Throws for what no version of ours has written. */
export const readPosition = ({ value }: Pick<KafkaMessage, 'value'>): SinkPosition | undefined =>
  value === null ? undefined : sinkPosition.parse(JSON.parse(value.toString()));
