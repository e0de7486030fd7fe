import type { KafkaHeader } from '@confluentinc/kafka-javascript';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';

/** `kafka:orders/3/17`, and `kafka:orders#2/3/17` of a topic that was made again. */
const FOREIGN = /^kafka:([^/#]+)(?:#\d+)?\/(\d+)\/(\d+)$/;

/** Of bytes that the topic does not take whole. */
const SHORT_BYTES = 1_024;

/** Kafka Connect's name of a stage: where the record was being converted, transformed, or put. */
const stages: Readonly<Record<DeadLetter['stage'], string>> = {
  decode: 'VALUE_CONVERTER',
  validate: 'VALUE_CONVERTER',
  operator: 'TRANSFORMATION',
  score: 'TRANSFORMATION',
  sink: 'TASK_PUT',
};

/**
 * A dead letter as other programs know them: the bytes as they came, under their key, and why in the headers that Kafka
 * Connect gives its own. Where a record came from Kafka, topic, partition and offset are its own there; else they are
 * those of our log, or -1.
 * Source of the names: org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter, Kafka 4.
 */
export const deadLetterRecord = (
  topic: string,
  letter: DeadLetter,
  key: string | null,
  short = false,
): Outgoing => {
  const value = Buffer.from(letter.bytes, 'base64');
  const [, foreign, partition, offset] = FOREIGN.exec(letter.document) ?? [];
  const origin = letter.origin ?? { topic: '', partition: null, offset: null };
  const said: Readonly<Record<string, string>> = {
    '__connect.errors.topic': foreign ?? origin.topic.replace(/^kafka:/, ''),
    '__connect.errors.partition': partition ?? String(origin.partition ?? -1),
    '__connect.errors.offset': offset ?? String(origin.offset ?? -1),
    '__connect.errors.connector.name': 'forewarn',
    '__connect.errors.task.id': '0',
    '__connect.errors.stage': stages[letter.stage],
    '__connect.errors.class.name': letter.step,
    '__connect.errors.exception.class.name': letter.code,
    '__connect.errors.exception.message': letter.reason,
    'fw-id': letter.id,
    'fw-stage': letter.stage,
    'fw-feed': letter.feed,
    'fw-document': letter.document,
    'fw-position': String(letter.position),
    'fw-code-version': letter.codeVersion,
    ...(short ? { 'fw-cut': `the first ${SHORT_BYTES} of ${value.length} bytes` } : {}),
  };
  return {
    topic,
    partition: -1,
    key,
    value: short ? value.subarray(0, SHORT_BYTES) : value,
    headers: Object.entries(said).map(([name, text]): KafkaHeader => ({ [name]: text })),
  };
};
