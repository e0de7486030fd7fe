import type { KafkaLog } from '../../../runtime/log/kafka/kafka-log.ts';
import type { LogRecord } from '../../../runtime/log/log.ts';

export const text = ({ value }: LogRecord): string => Buffer.from(value).toString();

/** Everything of a partition, as a reader finds it that begins anew. */
export const textsOf = async (log: KafkaLog, topic: string, partition = 0): Promise<readonly string[]> => {
  const texts: string[] = [];
  for (let offset = 0; offset < log.end(topic, partition);) {
    const records = await log.read(topic, partition, offset);
    texts.push(...records.map(text));
    offset = records.at(-1)!.offset + 1;
  }
  return texts;
};
