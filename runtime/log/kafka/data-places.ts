import type { KafkaLogOptions } from './kafka-log-options.ts';
import { kafkaNames } from './kafka-names.ts';

/** A partition with records of a line, beside those of the log's own. */
export interface DataPlace {
  /** In Kafka. */
  readonly place: { readonly topic: string; readonly partition: number };
  /** As readers call it, `tracking/0`. */
  readonly held: string;
}

export const dataPlaces = ({
  prefix,
  topics,
}: Pick<KafkaLogOptions, 'prefix' | 'topics'>): readonly DataPlace[] => {
  const names = kafkaNames(prefix);
  return Object.entries(topics).flatMap(([topic, partitions]) =>
    Array.from({ length: partitions }, (_, partition) => ({
      place: { topic: names.topic(topic), partition },
      held: `${topic}/${partition}`,
    })),
  );
};
