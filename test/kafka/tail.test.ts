import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka, type KafkaConnection, notAnswering } from '../../runtime/kafka/connection.ts';
import { Tail } from '../../runtime/log/kafka/tail.ts';
import { until } from '../support/until.ts';
import { makeForeignTopic } from './support/foreign-topic.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

describe.skipIf(kafkaMissing !== undefined)('the reader of a log', () => {
  it('is made anew until a broker answers', async () => {
    const real = await connectKafka({ brokers });
    const topic = await makeForeignTopic(brokers, freshPrefix());
    onTestFinished(() => topic.close());
    let refusals = 2;
    const connection: KafkaConnection = {
      ...real,
      consumer: (...settings) => {
        if (refusals === 0) return real.consumer(...settings);
        refusals -= 1;
        return Promise.reject(notAnswering(real.address, new Error('away')));
      },
    };
    const read: string[] = [];
    const told: string[] = [];
    const tail = new Tail({
      connection,
      onRuns: (runs) =>
        read.push(...runs.flatMap(({ messages }) => messages.map(({ value }) => String(value)))),
      onFetched: () => undefined,
      onEnd: () => undefined,
      onLost: (error) => told.push(`lost: ${String(error)}`),
      note: (line) => told.push(line),
    });
    onTestFinished(() => tail.close());
    await tail.follow([{ topic: topic.name, partition: 0, offset: 0 }]);
    await topic.write('a');
    await until('it reads', () => read.length > 0);
    expect(read).toEqual(['a']);
    const away = expect.stringMatching(/^kafka: reading: FW609 Kafka at \S+ does not answer: away; /);
    expect(told).toEqual([away, away]);
  });
});
