import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, connectKafka } from '../../runtime/kafka/connection.ts';
import { ensureTopics } from '../../runtime/kafka/ensure-topics.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';
import { PullConsumer } from '../../runtime/kafka/pull-consumer.ts';
import { TransactionalProducer } from '../../runtime/kafka/transactional-producer.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const recordOf = (topic: string, text: string, wantsOffset = false): Outgoing => ({
  topic,
  partition: 0,
  key: 'k',
  value: Buffer.from(text),
  headers: [{ said: 'by us' }],
  wantsOffset,
});

const begin = async (config: Readonly<Record<string, string>> = {}) => {
  const connection = await connectKafka({ brokers });
  const topic = freshPrefix();
  await ensureTopics(connection, [{ name: topic, partitions: 1, config, mend: 'do not' }], 1);
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
  /** What is committed, in order. */
  const texts = async (): Promise<readonly string[]> => {
    const reader = await PullConsumer.open(connection);
    onTestFinished(() => reader.close());
    reader.assign([{ topic, partition: 0, offset: 0 }]);
    const read: string[] = [];
    for (let isAtEnd = false; !isAtEnd;) {
      const { messages, ends } = await reader.pull(1_000);
      read.push(...messages.map(({ value }) => value!.toString()));
      isAtEnd = ends.length > 0;
    }
    return read;
  };
  return { connection, topic, open, endOf, texts };
};

describe.skipIf(kafkaMissing !== undefined)('a transactional producer', () => {
  it('answers offsets, and hands them to what is written with them', async () => {
    const { topic, open, endOf } = await begin();
    const producer = await open(`${topic}.a`);
    const seen: (readonly number[])[] = [];
    const write = (...texts: readonly string[]) =>
      producer.transact(
        texts.map((text) => recordOf(topic, text)),
        ({ offsets }) => {
          seen.push(offsets);
          return [recordOf(topic, 'marker')];
        },
      );
    expect((await write('a', 'b')).offsets).toEqual([0, 1]);
    // Offset 2 has the marker and 3 the end of the transaction.
    expect((await write('c')).offsets).toEqual([4]);
    expect(seen).toEqual([[0, 1], [4]]);
    expect(await endOf()).toBe(7);
  });

  it('of many records knows where they end, and the offsets of those that want them; their order stays', async () => {
    const { topic, open, texts } = await begin();
    const producer = await open(`${topic}.a`);
    const said = Array.from({ length: 300 }, (_, n) => `record ${n}`);
    const records = said.map((text, n) => recordOf(topic, text, n === 200));
    for (const round of [0, 1]) {
      const first = round * 302;
      const { offsets, ends } = await producer.transact(records, (written) => [
        recordOf(topic, `ends at ${written.ends.get(`${topic}/0`)}`),
      ]);
      expect([offsets[0], offsets[199], offsets[200], offsets[299]]).toEqual([
        -1,
        -1,
        first + 200,
        first + 299,
      ]);
      expect([...ends]).toEqual([[`${topic}/0`, first + 300]]);
    }
    expect(await texts()).toEqual([...said, 'ends at 300', ...said, 'ends at 602']);
  });

  it('commits nothing of a transaction of which the broker refused one record, reported or not', async () => {
    const { topic, open, texts } = await begin({ 'max.message.bytes': '2000' });
    for (const wantsOffset of [false, true]) {
      const producer = await open(`${topic}.a`);
      const records = Array.from({ length: 200 }, (_, n) => recordOf(topic, `lost ${n}`));
      records[100] = { ...recordOf(topic, '', wantsOffset), value: randomBytes(4_000) };
      await expect(producer.transact(records, () => [recordOf(topic, 'lost too')])).rejects.toThrow();
    }
    const heir = await open(`${topic}.a`);
    await heir.transact([recordOf(topic, 'kept')], () => []);
    expect(await texts()).toEqual(['kept']);
  });

  it('is fenced by the next one of its id, and says so', async () => {
    const { topic, open } = await begin();
    const zombie = await open(`${topic}.task`);
    await zombie.transact([recordOf(topic, 'a')], () => []);
    const heir = await open(`${topic}.task`);
    await expect(zombie.transact([recordOf(topic, 'lost')], () => [])).rejects.toThrow(
      /^FW614 another process writes .* \("test-.*\.task" is fenced\); stop one of the two$/,
    );
    expect((await heir.transact([recordOf(topic, 'b')], () => [])).offsets).toEqual([2]);
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
