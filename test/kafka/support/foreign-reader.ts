import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { connectKafka } from '../../../runtime/kafka/connection.ts';
import { PullConsumer } from '../../../runtime/kafka/pull-consumer.ts';
import { topicBounds } from '../../../runtime/kafka/topic-bounds.ts';

/** Everything that is committed in a topic now, as a program of somebody else reads it. */
export const readForeign = async (
  brokers: readonly string[],
  topic: string,
): Promise<readonly KafkaMessage[]> => {
  const connection = await connectKafka({ brokers });
  const admin = connection.admin();
  const bounds = await topicBounds(admin, topic);
  admin.disconnect();
  const consumer = await PullConsumer.open(connection);
  const messages: KafkaMessage[] = [];
  try {
    const open = new Set<number>();
    for (const [partition, { low, end }] of bounds!.partitions.entries()) if (low < end) open.add(partition);
    consumer.assign([...open].map((partition) => ({ topic, partition, offset: 0 })));
    while (open.size > 0) {
      const pulled = await consumer.pull(1_000);
      messages.push(...pulled.messages);
      for (const { partition } of pulled.ends) open.delete(partition);
    }
    return messages;
  } finally {
    await consumer.close();
  }
};

export const headersOf = ({ headers = [] }: KafkaMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    headers.flatMap((header) => Object.entries(header)).map(([name, value]) => [name, value.toString()]),
  );
