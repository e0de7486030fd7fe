import { partitionsByTopic } from '../../pipelines/topics.ts';
import type { Config } from '../config/config.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { EmbeddedLog, type EmbeddedLogOptions } from '../log/embedded-log.ts';
import { isWritten } from '../log/kafka/is-written.ts';
import { KafkaLog } from '../log/kafka/kafka-log.ts';
import type { LineLog } from '../log/log.ts';
import { memberOf } from './sharing/member-of.ts';

export interface OpenLogOptions {
  readonly settings: Config['log'];
  /** Of the embedded log. */
  readonly folder: string;
  readonly time: EmbeddedLogOptions['time'];
  /** Another process writes as a partition number of this one. */
  readonly onFenced: (number: number) => void;
  readonly note: (line: string) => void;
}

/** Of a log in Kafka. */
export type KafkaSettings = Config['log'] & { readonly kafka: NonNullable<Config['log']['kafka']> };

/** Where the log of a configuration is, as a data folder remembers it: its state belongs to that log alone. */
export const placeOfLog = ({ kafka }: Config['log']): string =>
  kafka === undefined ? 'embedded' : `Kafka topics ${kafka.prefix}.*`;

/** The log that the configuration wants: the embedded one, or Kafka, whose client is loaded only then. */
export const openLog = ({ settings, folder, time, onFenced, note }: OpenLogOptions): Promise<LineLog> => {
  const { kafka, partitions } = settings;
  const topics = partitionsByTopic(partitions);
  if (kafka === undefined) return EmbeddedLog.open({ folder, topics, time });
  const { brokers, prefix, replicas, maxRecordBytes, settings: client } = kafka;
  const options = { brokers, prefix, replicas, maxRecordBytes, settings: client, topics, time, note };
  if (kafka.group === undefined) return KafkaLog.open({ ...options, laneOf, reads: 'followed' });
  return KafkaLog.open({
    ...options,
    sharing: { numbers: partitions, member: memberOf(kafka), numberOf, onFenced },
  });
};

/** The log in Kafka of a line that does not run, to read what it has heard. */
export const readKafkaLog = (
  { kafka, partitions }: KafkaSettings,
  note: (line: string) => void,
): Promise<KafkaLog> => {
  const { brokers, prefix, settings } = kafka;
  const topics = partitionsByTopic(partitions);
  return KafkaLog.open({ brokers, prefix, settings, topics, time: 'recorded', readsOnly: true, note });
};

/**
 * The log in Kafka of a line that does not run, for this process alone: whoever had it is fenced, and log time stands still. FW104 when
 * processes that share it run.
 */
export const takeKafkaLog = async (
  { kafka, partitions }: KafkaSettings,
  note: (line: string) => void,
): Promise<KafkaLog> => {
  const { brokers, prefix, replicas, maxRecordBytes, settings, group } = kafka;
  if (group !== undefined && (await isWritten({ brokers, settings }, prefix)))
    throw new ForewarnError(
      'FW104',
      `Kafka topics ${prefix}.*: processes of group "${group}" run; stop them first`,
    );
  const topics = partitionsByTopic(partitions);
  const options = { brokers, prefix, replicas, maxRecordBytes, settings, topics, note };
  return KafkaLog.open({ ...options, time: 'recorded', laneOf, reads: 'followed' });
};

/** Producers of the outbox: a process that only dispatches has them all. */
const DISPATCH = /^(outbox|edi|edi-answers)\//;
const NUMBER = /\/(\d+)!?$/;

/** The partition number that a producer is where: whoever dispatches is where 0 is. */
export const numberOf = (producer: string): number =>
  DISPATCH.test(producer) ? 0 : Number(NUMBER.exec(producer)?.[1] ?? 0);

/**
 * What commits together in Kafka, where a transaction costs as much as thousands of rows. Tasks of one partition number
 * are where that number is, all stages of them, and so are fenced together: `watch/1`, `predict/1` → `task.1`.
 */
export const laneOf = (producer: string): string => {
  const number = NUMBER.exec(producer)?.[1];
  if (number === undefined) return producer;
  if (DISPATCH.test(producer)) return 'dispatch';
  return producer.startsWith('mirror/') ? `mirror.${number}` : `task.${number}`;
};
