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
    numbers.map(async (partition) => {
      const id = `${prefix}.${AGAIN}.${partition}`;
      return new Lane(await TransactionalProducer.open(connection, id));
    }),
  );
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
    for (const lane of lanes) await lane.advance();
  }
  await Promise.all(lanes.map((lane) => lane.end()));
  const measured = measuring.ended();
  await Promise.all([consumer.close(), ...lanes.map((lane) => lane.close())]);
  return measured;
};

/** What is read of one partition and written again, one transaction after the other. */
class Lane {
  readonly #producer: TransactionalProducer;
  gathered: Outgoing[] = [];
  #begunAt = performance.now();
  #isUnderWay = false;
  #underWay: Promise<void> = Promise.resolve();

  constructor(producer: TransactionalProducer) {
    this.#producer = producer;
  }

  /** Begins a transaction where one is due; waits only where too much has been gathered. */
  async advance(): Promise<void> {
    if (this.gathered.length > MOST_GATHERED) await this.#underWay;
    if (!this.#isUnderWay && performance.now() - this.#begunAt >= CHECKPOINT_MS) this.#commit();
  }

  async end(): Promise<void> {
    await this.#underWay;
    this.#commit();
    await this.#underWay;
  }

  close(): Promise<void> {
    return this.#producer.close();
  }

  #commit(): void {
    const records = this.gathered;
    if (records.length === 0) return;
    this.gathered = [];
    this.#begunAt = performance.now();
    this.#isUnderWay = true;
    this.#underWay = this.#producer
      .transact(records, () => [])
      .then(() => {
        this.#isUnderWay = false;
      });
  }
}
