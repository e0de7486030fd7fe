import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, connectKafka } from '../../runtime/kafka/connection.ts';
import { ensureTopics } from '../../runtime/kafka/ensure-topics.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';
import { TransactionalProducer } from '../../runtime/kafka/transactional-producer.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const recordOf = (topic: string, text: string): Outgoing => ({
  topic,
  partition: 0,
  key: 'k',
  value: Buffer.from(text),
  headers: [{ said: 'by us' }],
});

const begin = async () => {
  const connection = await connectKafka({ brokers });
  const topic = freshPrefix();
  await ensureTopics(connection, [{ name: topic, partitions: 1, config: {}, mend: 'do not' }], 1);
  const open = async (id: string): Promise<TransactionalProducer> => {
    const producer = await TransactionalProducer.open(connection, id);
    onTestFinished(() => producer.close());
    return producer;
  };
  const endOf = async (): Promise<number> => {
    const reader = await connection.consumer({ 'group.id': topic });
    const { highOffset } = await ask<{ readonly highOffset: number }>((done) =>
      reader.queryWatermarkOffsets(topic, 0, 10_000, done),
    );
    await ask<unknown>((done) => reader.disconnect(done));
    return highOffset;
  };
  return { connection, topic, open, endOf };
};

describe.skipIf(kafkaMissing !== undefined)('a transactional producer', () => {
  it('answers offsets, and hands them to what is written with them', async () => {
    const { topic, open, endOf } = await begin();
    const producer = await open(`${topic}.a`);
    const seen: (readonly number[])[] = [];
    const write = (...texts: readonly string[]) =>
      producer.transact(
        texts.map((text) => recordOf(topic, text)),
        (offsets) => {
          seen.push(offsets);
          return [recordOf(topic, 'marker')];
        },
      );
    expect(await write('a', 'b')).toEqual([0, 1]);
    // Offset 2 has the marker and 3 the end of the transaction.
    expect(await write('c')).toEqual([4]);
    expect(seen).toEqual([[0, 1], [4]]);
    expect(await endOf()).toBe(7);
  });

  it('is fenced by the next one of its id, and says so', async () => {
    const { topic, open } = await begin();
    const zombie = await open(`${topic}.task`);
    await zombie.transact([recordOf(topic, 'a')], () => []);
    const heir = await open(`${topic}.task`);
    await expect(zombie.transact([recordOf(topic, 'lost')], () => [])).rejects.toThrow(
      /^FW614 another process writes .* \("test-.*\.task" is fenced\); stop one of the two$/,
    );
    expect(await heir.transact([recordOf(topic, 'b')], () => [])).toEqual([2]);
  });
});

describe.skipIf(kafkaMissing !== undefined)('topics', () => {
  it('are made once, and refused when they have other partitions than wanted', async () => {
    const { connection, topic } = await begin();
    const wanted = { name: topic, config: {}, mend: 'set log.partitions to 1' };
    await ensureTopics(connection, [{ ...wanted, partitions: 1 }], 1);
    await expect(ensureTopics(connection, [{ ...wanted, partitions: 3 }], 1)).rejects.toThrow(
      `FW219 Kafka topic "${topic}" has 1 partitions, and 3 are wanted; set log.partitions to 1`,
    );
  });

  it('of a Kafka that is not there: FW609 with its address', async () => {
    const nowhere = await connectKafka({ brokers: ['127.0.0.1:1'], connectWithinMs: 500 });
    await expect(ensureTopics(nowhere, [], 1)).rejects.toThrow(
      /^FW609 Kafka at 127\.0\.0\.1:1 does not answer: /,
    );
  });
});
