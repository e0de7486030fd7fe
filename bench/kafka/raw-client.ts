import { connectKafka } from '../../runtime/kafka/connection.ts';
import { PullConsumer } from '../../runtime/kafka/pull-consumer.ts';
import { type Measured, startMeasuring } from './measured.ts';
import type { Where } from './where.ts';

/** The client alone: every record of a topic is pulled and counted, and nothing is done with it. */
export const throughRawClient = async (
  { brokers, prefix, partitions }: Where,
  count: number,
): Promise<Measured> => {
  const measuring = startMeasuring();
  const consumer = await PullConsumer.open(await connectKafka({ brokers }));
  measuring.opened();
  consumer.assign(
    Array.from({ length: partitions }, (_, partition) => ({ topic: `${prefix}.left`, partition, offset: 0 })),
  );
  for (let got = 0; got < count;) {
    const { messages } = await consumer.pull(1_000);
    got += messages.length;
  }
  const measured = measuring.ended();
  await consumer.close();
  return measured;
};
