import { describe, expect, it, onTestFinished } from 'vitest';
import { KafkaProbe } from '../../runtime/log/kafka/kafka-probe.ts';
import { ask, connectKafka, letGo } from '../../runtime/kafka/connection.ts';
import { ensureTopics } from '../../runtime/kafka/ensure-topics.ts';
import { TransactionalProducer } from '../../runtime/kafka/transactional-producer.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';
import { until } from '../support/until.ts';

describe.skipIf(kafkaMissing !== undefined)('the end of a partition', () => {
  it('lies behind what was committed while an older transaction of somebody else is still open', async () => {
    const connection = await connectKafka({ brokers });
    const topic = freshPrefix();
    await ensureTopics(connection, [{ name: topic, partitions: 1, config: {}, mend: 'do not' }], 1);
    const probe = await KafkaProbe.open(connection);
    onTestFinished(() => probe.close());
    const slow = await connection.producer({ 'transactional.id': `${topic}.slow`, 'linger.ms': 0 });
    onTestFinished(() => letGo(slow));
    slow.setPollInBackground(true);
    await ask<void>((done) => slow.initTransactions(10_000, done));
    await ask<void>((done) => slow.beginTransaction(done));
    slow.produce(topic, 0, Buffer.from('open'), 'k', null);
    const end = async (): Promise<number> => (await probe.watermarks(topic, 0)).high;
    await until('the first record is written', async () => (await end()) === 1);
    const quick = await TransactionalProducer.open(connection, `${topic}.quick`);
    onTestFinished(() => quick.close());
    const record = { topic, partition: 0, key: 'k', value: Buffer.from('committed'), headers: [] };
    expect((await quick.transact([record], () => [])).offsets).toEqual([1]);
    // The record, and the end of its transaction, which the broker writes a moment later.
    await until('the end lies behind what is committed', async () => (await end()) === 3);
  });
});
