import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka, type KafkaConnection, notAnswering } from '../../runtime/kafka/connection.ts';
import { ColdReader } from '../../runtime/log/kafka/cold-reader.ts';
import { Fetched } from '../../runtime/log/kafka/fetched.ts';
import { makeForeignTopic } from './support/foreign-topic.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

describe.skipIf(kafkaMissing !== undefined)('the reader of history', () => {
  it('waits for a broker that is away, both when it begins and between two records', async () => {
    const real = await connectKafka({ brokers });
    const topic = await makeForeignTopic(brokers, freshPrefix());
    onTestFinished(() => topic.close());
    await topic.write('a', 'b');
    const away: string[] = [];
    const isAway = (when: string): boolean => {
      if (away.includes(when)) return false;
      away.push(when);
      return true;
    };
    const connection: KafkaConnection = {
      ...real,
      consumer: async (...settings) => {
        if (isAway('beginning')) throw notAnswering(real.address, new Error('away'));
        const consumer = await real.consumer(...settings);
        const consume = consumer.consume.bind(consumer);
        consumer.consume = (most, done) => {
          if (isAway('reading')) done(Object.assign(new Error('all brokers are down'), { code: -187 }), []);
          else consume(most, done);
        };
        return consumer;
      },
    };
    const reader = new ColdReader(connection, 30_000, new Fetched());
    onTestFinished(() => reader.close());
    const read = await reader.read({ topic: topic.name, partition: 0, from: 0, end: 2, maxBytes: 1 << 20 });
    expect(read.map(({ value }) => Buffer.from(value).toString())).toEqual(['a', 'b']);
    expect(away).toEqual(['beginning', 'reading']);
  });
});
