import type { Admin, DeliveryReport, KafkaError, KafkaHeader } from '@confluentinc/kafka-javascript';
import { ask, connectKafka } from '../../../runtime/kafka/connection.ts';
import { ensureTopics } from '../../../runtime/kafka/ensure-topics.ts';

export interface ForeignRecord {
  readonly value: string | Buffer | null;
  readonly key?: string;
  readonly partition?: number;
  readonly headers?: readonly KafkaHeader[];
}

/** What the owner of a topic does with it. */
export interface ForeignTopic {
  readonly name: string;
  readonly write: (...records: readonly (string | ForeignRecord)[]) => Promise<void>;
  /** As retention would. */
  readonly deleteBefore: (partition: number, offset: number) => Promise<void>;
  readonly growTo: (partitions: number) => Promise<void>;
  readonly deleteTopic: () => Promise<void>;
  readonly makeTopic: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Of the client, beyond what Forewarn calls. */
interface OwnersAdmin extends Admin {
  createPartitions(
    topic: string,
    total: number,
    timeoutMs: number,
    done: (error: KafkaError | null) => void,
  ): void;
  deleteTopic(topic: string, timeoutMs: number, done: (error: KafkaError | null) => void): void;
}

export const makeForeignTopic = async (
  brokers: readonly string[],
  name: string,
  {
    partitions = 1,
    config = {},
  }: { readonly partitions?: number; readonly config?: Readonly<Record<string, string>> } = {},
): Promise<ForeignTopic> => {
  const connection = await connectKafka({ brokers });
  const makeTopic = (): Promise<void> =>
    ensureTopics(connection, [{ name, partitions, config, mend: 'do not' }], 1);
  await makeTopic();
  const producer = await connection.producer({
    dr_cb: true,
    'message.max.bytes': 20 << 20,
    'linger.ms': 0,
    'topic.metadata.refresh.interval.ms': 200,
  });
  producer.setPollInBackground(true);
  const waiting = new Map<number, (error: KafkaError | null) => void>();
  producer.on('delivery-report', (error: KafkaError | null, { opaque }: DeliveryReport) => {
    waiting.get(Number(opaque))?.(error);
    waiting.delete(Number(opaque));
  });
  let count = 0;
  const admin = connection.admin() as OwnersAdmin;
  return {
    name,
    makeTopic,
    write: async (...records) => {
      await Promise.all(
        records.map((record) => {
          const {
            value,
            key = null,
            partition = 0,
            headers = [],
          } = typeof record === 'string' ? { value: record } : record;
          const id = (count += 1);
          return ask<void>((done) => {
            waiting.set(id, (error) => done(error, undefined));
            producer.produce(
              name,
              partition,
              value === null ? null : Buffer.from(value),
              key,
              null,
              id,
              headers,
            );
          });
        }),
      );
    },
    deleteBefore: (partition, offset) =>
      ask<unknown>((done) =>
        admin.deleteRecords([{ topic: name, partition, offset }], { timeout: 10_000 }, done),
      ).then(() => undefined),
    growTo: (total) =>
      ask<void>((done) => admin.createPartitions(name, total, 10_000, (error) => done(error, undefined))),
    deleteTopic: () =>
      ask<void>((done) => admin.deleteTopic(name, 10_000, (error) => done(error, undefined))),
    close: async () => {
      await ask<unknown>((done) => producer.disconnect(done));
      admin.disconnect();
    },
  };
};
