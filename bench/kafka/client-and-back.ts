import { connectKafka } from '../../runtime/kafka/connection.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';
import { PullConsumer } from '../../runtime/kafka/pull-consumer.ts';
import { TransactionalProducer } from '../../runtime/kafka/transactional-producer.ts';
import { CHECKPOINT_MS } from './forewarn.ts';
import { AGAIN } from './input.ts';
import { type Measured, startMeasuring } from './measured.ts';
import type { Where } from './where.ts';

/** Read and not yet written, of one partition: as much as a task would gather. */
const MOST_GATHERED = 50_000;

/**
 * The client alone, there and back: every record of a topic is pulled, and its bytes are written as they came, in a transaction
 * for each partition and 100 ms. Whatever uses this client to pass records on exactly once is slower.
 */
export const throughClientAndBack = async (
  { brokers, prefix, partitions }: Where,
  count: number,
): Promise<Measured> => {
  const numbers = Array.from({ length: partitions }, (_, partition) => partition);
  const measuring = startMeasuring();
  const connection = await connectKafka({ brokers });
  const consumer = await PullConsumer.open(connection);
  const lanes = await Promise.all(
    numbers.map(async (partition) => ({
      producer: await TransactionalProducer.open(connection, `${prefix}.${AGAIN}.${partition}`),
      gathered: [] as Outgoing[],
      begunAt: performance.now(),
      underWay: undefined as Promise<void> | undefined,
    })),
  );
  const commit = (lane: (typeof lanes)[number]): void => {
    const records = lane.gathered;
    lane.gathered = [];
    lane.begunAt = performance.now();
    lane.underWay = lane.producer.transact(records, () => []).then(() => void (lane.underWay = undefined));
  };
  measuring.opened();
  consumer.assign(numbers.map((partition) => ({ topic: `${prefix}.left`, partition, offset: 0 })));
  for (let got = 0; got < count;) {
    const { messages } = await consumer.pull(1_000);
    got += messages.length;
    for (const { partition, key, value } of messages)
      lanes[partition]!.gathered.push({
        topic: `${prefix}.${AGAIN}`,
        partition,
        key: key ?? null,
        value,
        headers: [],
      });
    for (const lane of lanes) {
      if (lane.gathered.length > MOST_GATHERED) await lane.underWay;
      const isDue = performance.now() - lane.begunAt >= CHECKPOINT_MS;
      if (isDue && lane.underWay === undefined && lane.gathered.length > 0) commit(lane);
    }
  }
  await Promise.all(lanes.map(({ underWay }) => underWay));
  for (const lane of lanes) if (lane.gathered.length > 0) commit(lane);
  await Promise.all(lanes.map(({ underWay }) => underWay));
  const measured = measuring.ended();
  await Promise.all([consumer.close(), ...lanes.map(({ producer }) => producer.close())]);
  return measured;
};
