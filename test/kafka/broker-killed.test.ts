import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { type Broker, startBroker } from './support/broker.ts';
import { has } from './support/kafka-jars.ts';
import { freshPrefix, kafkaMissing } from './support/kafka.ts';

const canStart = has('java', '-version');
if (!canStart)
  console.warn('test/kafka/broker-killed is skipped: it starts a broker of its own, and there is no Java');

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.skipIf(kafkaMissing !== undefined || !canStart)('a broker that is killed while a log writes', () => {
  let broker: Broker;

  beforeAll(async () => {
    broker = await startBroker();
  }, 180_000);

  afterAll(() => broker?.stop());

  it('is waited for, and everything is written once and in order when it is back', async () => {
    const log = await KafkaLog.open({
      brokers: [broker.address],
      prefix: freshPrefix(),
      topics: { raw: 1, rows: 2 },
      time: 'recorded',
      patienceMs: 60_000,
    });
    onTestFinished(() => log.close());
    const commits = async (producer: string, until: number): Promise<void> => {
      for (let epoch = log.epoch(producer) + 1; epoch <= until; epoch++) {
        const records = [{ key: 'k', heardAt: epoch, value: bytes(`${producer} ${epoch}`) }];
        const writes = [0, 1].map((partition) => ({ topic: 'rows', partition, records }));
        await log.commit({ producer, epoch, frontier: epoch, writes, state: bytes(`state ${epoch}`) });
      }
    };
    const appends = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n++)
        await log.append('raw', { key: 'k', value: bytes(String(n)) }, { documentId: String(n) });
    };
    await Promise.all([commits('a/0', 10), commits('b/0', 10), appends(0, 10)]);
    const during = Promise.all([commits('a/0', 40), commits('b/0', 40), appends(10, 40)]);
    await commits('c/0', 2);
    await broker.kill();
    await broker.restart();
    await during;
    await commits('c/0', 5);
    const textsOf = async (topic: string, partition: number): Promise<readonly string[]> => {
      const texts: string[] = [];
      for (let offset = 0; offset < log.end(topic, partition);) {
        const records = await log.read(topic, partition, offset);
        texts.push(...records.map(({ value }) => Buffer.from(value).toString()));
        offset = records.at(-1)!.offset + 1;
      }
      return texts;
    };
    expect(await textsOf('raw', 0)).toEqual(Array.from({ length: 40 }, (_, n) => String(n)));
    for (const [producer, epochs] of [
      ['a/0', 40],
      ['b/0', 40],
      ['c/0', 5],
    ] as const) {
      for (const partition of [0, 1]) {
        const rows = (await textsOf('rows', partition)).filter((row) => row.startsWith(producer));
        expect(rows).toEqual(Array.from({ length: epochs }, (_, n) => `${producer} ${n + 1}`));
      }
      expect(log.frontier(producer)).toBe(epochs);
    }
  }, 300_000);
});
