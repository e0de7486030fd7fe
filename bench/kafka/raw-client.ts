import { connectKafka } from '../../runtime/kafka/connection.ts';
import { PullConsumer } from '../../runtime/kafka/pull-consumer.ts';
import type { Measured } from './measured.ts';
import type { Where } from './where.ts';

/** The client alone: every record of a topic is pulled and counted, and nothing is done with it. */
export const throughRawClient = async (
  { brokers, prefix, partitions }: Where,
  count: number,
): Promise<Measured> => {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const consumer = await PullConsumer.open(await connectKafka({ brokers }));
  const opened = performance.now();
  consumer.assign(
    Array.from({ length: partitions }, (_, partition) => ({ topic: `${prefix}.left`, partition, offset: 0 })),
  );
  for (let got = 0; got < count;) {
    const { messages } = await consumer.pull(1_000);
    got += messages.length;
  }
  const ended = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  await consumer.close();
  return {
    seconds: (ended - begun) / 1_000,
    openSeconds: (opened - begun) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
};
