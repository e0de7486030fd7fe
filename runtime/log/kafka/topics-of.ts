import type { WantedTopic } from '../../kafka/ensure-topics.ts';
import { type KafkaLogOptions, maxRecordBytesOf } from './kafka-log-options.ts';
import { kafkaNames, type KafkaNames } from './kafka-names.ts';
import { STATE_PARTITIONS } from './state-changelog.ts';

/** Log time may be another than the broker's, which refuses records from its future unless it stamps them itself. */
const stampedByBroker = { 'message.timestamp.type': 'LogAppendTime' };

/** Nothing is dropped but what the log itself says that nobody needs. */
const keptByUs = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };

const compacted = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': '0.1',
  // Compaction leaves the newest segment alone: so it must not be too old, nor too long.
  'segment.ms': String(10 * 60_000),
  'segment.bytes': String(64 << 20),
  'delete.retention.ms': String(60 * 60_000),
};

/** Frontiers are of use for a moment, and who is assigned which number lies in the group, not in the topic. */
const sharedTopics = (names: KafkaNames, numbers: number): WantedTopic[] => {
  const mend = 'set log.partitions back, or give another log.kafka.prefix';
  const config = { 'cleanup.policy': 'delete', 'retention.ms': String(60 * 60_000), ...stampedByBroker };
  return [
    { name: names.frontiers, partitions: 1, config: { ...config, 'segment.ms': String(10 * 60_000) }, mend },
    { name: names.tasks, partitions: numbers, config, mend },
  ];
};

/** All topics of a log in Kafka, with their settings. */
export const topicsOf = (
  options: Pick<KafkaLogOptions, 'prefix' | 'topics' | 'maxRecordBytes' | 'sharing'>,
): WantedTopic[] => {
  const names = kafkaNames(options.prefix);
  const maxBytes = { 'max.message.bytes': String(maxRecordBytesOf(options) + (1 << 20)) };
  const ours = (name: string, partitions: number): WantedTopic => ({
    name,
    partitions,
    config: { ...compacted, ...stampedByBroker, ...maxBytes },
    mend: 'give another log.kafka.prefix',
  });
  return [
    ...Object.entries(options.topics).map(([topic, partitions]) => ({
      name: names.topic(topic),
      partitions,
      config: { ...keptByUs, ...stampedByBroker, ...maxBytes },
      mend: 'set log.partitions back, or let another log.kafka.prefix hear all of it again with forewarn rehear',
    })),
    ours(names.state, STATE_PARTITIONS),
    ours(names.commits, 1),
    ours(names.heard, 1),
    ...(options.sharing === undefined ? [] : sharedTopics(names, options.sharing.numbers)),
  ];
};
