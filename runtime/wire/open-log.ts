import { partitionsByTopic } from '../../pipelines/topics.ts';
import type { Config } from '../config/config.ts';
import { EmbeddedLog, type EmbeddedLogOptions } from '../log/embedded-log.ts';
import { KafkaLog } from '../log/kafka/kafka-log.ts';
import type { LineLog } from '../log/log.ts';

export interface OpenLogOptions {
  readonly settings: Config['log'];
  /** Of the embedded log. */
  readonly folder: string;
  readonly time: EmbeddedLogOptions['time'];
  readonly note: (line: string) => void;
}

/** Where the log of a configuration is, as a data folder remembers it: its state belongs to that log alone. */
export const placeOfLog = ({ kafka }: Config['log']): string =>
  kafka === undefined ? 'embedded' : `Kafka topics ${kafka.prefix}.*`;

/** The log that the configuration wants: the embedded one, or Kafka, whose client is loaded only then. */
export const openLog = ({ settings, folder, time, note }: OpenLogOptions): Promise<LineLog> => {
  const topics = partitionsByTopic(settings.partitions);
  if (settings.kafka === undefined) return EmbeddedLog.open({ folder, topics, time });
  return KafkaLog.open({ ...settings.kafka, topics, time, note, laneOf });
};

/** Producers of the outbox: a process that only dispatches has them all. */
const DISPATCH = /^(outbox|edi|edi-answers)\//;
const NUMBER = /\/(\d+)!?$/;

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
