import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { ask, connectKafka } from '../../runtime/kafka/connection.ts';
import { TransactionalProducer } from '../../runtime/kafka/transactional-producer.ts';
import { ourRegistry } from '../sources/kafka/our-registry.ts';
import { until } from '../support/until.ts';
import {
  documentsOf,
  lettersOf,
  openLine,
  recordsOf,
  runSource,
  type RunningSource,
  tempLine,
} from './support/foreign-line.ts';
import { type ForeignRecord, type ForeignTopic, makeForeignTopic } from './support/foreign-topic.ts';
import { has } from './support/kafka-jars.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const hasKcat = has('kcat', '-V');
if (!hasKcat) console.warn('test/kafka/foreign-source: what kcat writes is skipped: there is no kcat');

const begin = async (options: Parameters<typeof makeForeignTopic>[2] = {}) => {
  const topic = await makeForeignTopic(brokers, freshPrefix(), options);
  onTestFinished(() => topic.close());
  const log = await openLine(await tempLine());
  onTestFinished(() => log.close());
  const source = (
    more: object = {},
    running: Parameters<typeof runSource>[2] = {},
    settings: object = {},
    ours?: readonly number[],
  ): Promise<RunningSource> =>
    runSource(
      log,
      {
        ...settings,
        brokers,
        group: `${topic.name}-group`,
        topics: { [topic.name]: { source: 'tms', ...more } },
      },
      running,
      ours,
    );
  const hasCome = (count: number): Promise<void> =>
    until(`${count} documents have come`, () => log.end('raw', 0) >= count);
  return { topic, log, source, hasCome };
};
/** Into a partition that the producer does not know of yet. */
const writeToNew = (topic: ForeignTopic, record: ForeignRecord): Promise<void> =>
  until(`partition ${record.partition} can be written`, () =>
    topic.write(record).then(
      () => true,
      () => false,
    ),
  );
const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => String(from + n));

describe.skipIf(kafkaMissing !== undefined)('a foreign topic', () => {
  it('is taken whole and once, over any number of starts, and its group shows no lag', async () => {
    const { topic, log, source, hasCome } = await begin();
    await topic.write(...numbers(0, 300));
    const first = await source();
    await hasCome(300);
    await first.stop();
    await topic.write(...numbers(300, 350));
    const second = await source();
    await hasCome(350);
    await until('the group knows', async () => (await committed(topic)) === 350);
    expect(await second.metrics()).toMatch(
      new RegExp(`forewarn_kafka_source_records_total\\{topic="${topic.name}",result="taken"\\} 50\n`),
    );
    await until('there is no lag', async () =>
      (await second.metrics()).includes(
        `forewarn_kafka_source_lag_records{topic="${topic.name}",partition="0"} 0\n`,
      ),
    );
    await second.stop();
    expect(await documentsOf(log)).toEqual(numbers(0, 350));
    expect([...first.notes, ...second.notes]).toEqual([]);
  });

  it('from latest: what comes from the first start on, also while nobody was there', async () => {
    const { topic, log, source, hasCome } = await begin();
    await topic.write('before');
    const first = await source({ start: 'latest' });
    await until('its position is kept', () => log.end('source-positions', 0) > 0);
    await first.stop();
    await topic.write('between');
    await source({ start: 'latest' });
    await hasCome(1);
    expect(await documentsOf(log)).toEqual(['between']);
  });

  it('keeps keys, headers and times; counts tombstones; makes letters of what is too long', async () => {
    const { topic, log, source } = await begin({ config: { 'max.message.bytes': '12000000' } });
    await topic.write({ value: '{"n":1}', key: 'k', headers: [{ trace: 'abc' }] });
    await topic.write({ value: null, key: 'k' });
    await topic.write('x'.repeat(5_000_000), '2');
    const running = await source({}, { maxBytes: 4_000_000 });
    await until('all are there', () => log.end('raw', 0) === 2 && log.end('dead-letters', 0) === 1);
    const [one] = await recordsOf(log, 'raw');
    expect(one!.headers).toMatchObject({
      documentId: `kafka:${topic.name}/0/0`,
      kafkaKey: 'k',
      kafkaHeaders: '[["trace","abc"]]',
    });
    expect(Math.abs(Date.now() - Number(one!.headers['kafkaTimestamp']))).toBeLessThan(600_000);
    const [letter] = await lettersOf(log);
    expect(letter).toMatchObject({
      code: 'FW702',
      feed: 'tms',
      document: `kafka:${topic.name}/0/2`,
      origin: { topic: `kafka:${topic.name}`, partition: 0, offset: 2 },
    });
    expect(Buffer.from(letter!.bytes, 'base64').toString()).toBe('x'.repeat(5_000_000));
    await until('a tombstone is counted', async () =>
      (await running.metrics()).includes(`{topic="${topic.name}",result="tombstone"} 1\n`),
    );
  });

  it('takes records of 1 MB and of 10 MB between small ones', async () => {
    const { topic, log, source, hasCome } = await begin({ config: { 'max.message.bytes': '12000000' } });
    const sizes = [10, 1 << 20, 20, 10 << 20, 30, 10 << 20, 40];
    for (const [n, size] of sizes.entries()) await topic.write(String(n).repeat(size));
    await source();
    await hasCome(sizes.length);
    expect((await recordsOf(log, 'raw')).map(({ value }) => [value.length, value[0]! - 48])).toEqual(
      sizes.map((size, n) => [size, n]),
    );
  });

  it('that retention has passed: fail stops its source, loudly, and skip goes on with a letter', async () => {
    const { topic, log, source, hasCome } = await begin();
    await topic.write(...numbers(0, 10));
    const first = await source();
    await hasCome(10);
    await first.stop();
    await topic.write(...numbers(10, 30));
    await topic.deleteBefore(0, 20);
    const failing = await source();
    await until('it says so', () => failing.notes.length > 0);
    expect(failing.notes[0]).toMatch(
      /STOPPED, and takes nothing more: FW618 Kafka topic ".*" has lost records \[10; 20\) of partition 0, .*set sources\.kafka\.topics\..*\.onGap to skip/,
    );
    expect(await failing.metrics()).toContain(`{topic="${topic.name}",state="stopped"} 1\n`);
    await failing.stop();
    expect(log.end('raw', 0)).toBe(10);
    const skipping = await source({ onGap: 'skip' });
    await hasCome(20);
    expect(await documentsOf(log)).toEqual([...numbers(0, 10), ...numbers(20, 30)]);
    expect((await lettersOf(log)).map(({ code, reason, bytes }) => [code, reason, bytes])).toEqual([
      ['FW618', expect.stringContaining('has lost records [10; 20) of partition 0'), ''],
    ]);
    expect(await skipping.metrics()).toContain(`gap_records_total{topic="${topic.name}"} 10\n`);
  });

  it('that was deleted and made again is read from its first record under ids of its own', async () => {
    const { topic, log, source, hasCome } = await begin();
    await topic.write('a', 'b');
    const running = await source({ onGap: 'skip' });
    await hasCome(2);
    await topic.deleteTopic();
    await until('it misses the topic', () => running.notes.some((note) => note.includes('FW225')));
    await topic.makeTopic();
    await topic.write('c', 'd', 'e');
    await hasCome(5);
    const ids = (await recordsOf(log, 'raw')).map(({ headers }) => headers['documentId']);
    expect(ids).toEqual([
      ...[0, 1].map((n) => `kafka:${topic.name}/0/${n}`),
      ...[0, 1, 2].map((n) => `kafka:${topic.name}#2/0/${n}`),
    ]);
    expect(await documentsOf(log)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('that grows partitions is read from the first record of the new ones', async () => {
    const { topic, log, source, hasCome } = await begin();
    await source({ start: 'latest' });
    await until('it has begun', () => log.end('source-positions', 0) > 0);
    await topic.write('a');
    await topic.growTo(3);
    await writeToNew(topic, { value: 'b', partition: 2 });
    await hasCome(2);
    expect([...(await documentsOf(log))].sort()).toEqual(['a', 'b']);
  });

  it('is shared out by partition number, and goes on with whoever has the number', async () => {
    const { topic, log, source, hasCome } = await begin({ partitions: 3 });
    const write = (round: number): Promise<void> =>
      topic.write(...[0, 1, 2].map((partition) => ({ value: `${round}/${partition}`, partition })));
    // Of two processes: number 0 takes the partitions 0 and 2.
    const one = await source({}, {}, {}, [0]);
    const other = await source({}, {}, {}, [1]);
    await write(1);
    await hasCome(3);
    const takenBy = async ({ metrics }: RunningSource): Promise<number> =>
      Number(/records_total\{topic="[^"]*",result="taken"\} (\d+)/.exec(await metrics())![1]);
    expect([await takenBy(one), await takenBy(other)]).toEqual([2, 1]);
    await one.sources.give([0]);
    await write(2);
    await hasCome(4);
    await other.sources.take([0]);
    await hasCome(6);
    expect([await takenBy(one), await takenBy(other)]).toEqual([2, 4]);
    await one.sources.take([1]);
    await other.sources.give([1]);
    await topic.growTo(4);
    await writeToNew(topic, { value: '3/3', partition: 3 });
    await hasCome(7);
    await write(4);
    await hasCome(10);
    await one.stop();
    await other.stop();
    expect([...(await documentsOf(log))].sort()).toEqual(
      ['1/0', '1/1', '1/2', '2/0', '2/1', '2/2', '3/3', '4/0', '4/1', '4/2'].sort(),
    );
  });

  it('is not pulled while the line is full, and loses nothing by that', async () => {
    const { topic, log, source, hasCome } = await begin();
    await topic.write(...numbers(0, 5_000));
    let isFull = true;
    let refused = 0;
    const running = await source(
      {},
      {
        intake: {
          append: (...args) => {
            if (!isFull) return log.append(...args);
            refused += 1;
            return Promise.reject(new ForewarnError('FW310', 'full'));
          },
        },
      },
    );
    await until(
      'it waits',
      async () =>
        (await running.metrics()).includes(`{topic="${topic.name}",state="held"} 1\n`) && refused > 0,
    );
    isFull = false;
    await hasCome(5_000);
    expect(await documentsOf(log)).toEqual(numbers(0, 5_000));
    await until('it runs', async () =>
      (await running.metrics()).includes(`{topic="${topic.name}",state="running"} 1\n`),
    );
  });

  it('with open transactions of its writer: what was aborted never comes, and nothing stalls', async () => {
    const { topic, log, source, hasCome } = await begin();
    const writer = await TransactionalProducer.open(await connectKafka({ brokers }), `${topic.name}.writer`);
    onTestFinished(() => writer.close());
    const record = (text: string) => ({
      topic: topic.name,
      partition: 0,
      key: null,
      value: Buffer.from(text),
      headers: [],
    });
    await writer.transact([record('a')], () => []);
    await writer
      .transact([record('never')], () => {
        throw new Error('aborted');
      })
      .catch(() => undefined);
    const running = await source({}, { patienceMs: 300 });
    await hasCome(1);
    await topic.write('b');
    await hasCome(2);
    expect(await documentsOf(log)).toEqual(['a', 'b']);
    expect(running.notes).toEqual([]);
  });

  it('of Avro: waits for its registry, and a poison record is a letter with its bytes and its place', async () => {
    const { topic, log, source, hasCome } = await begin();
    const registry = await ourRegistry();
    registry.ids.set(7, {
      schema: '{"type":"record","name":"Scan","fields":[{"name":"id","type":"string"}]}',
    });
    registry.fails = 503;
    const value = (payload: readonly number[]): Buffer => Buffer.from([0, 0, 0, 0, 7, ...payload]);
    await topic.write({ value: value([4, 0x41, 0x31]) }, { value: value([40, 0x41]), key: 'k' });
    await topic.write({ value: value([4, 0x41, 0x32]) });
    const running = await source({ value: 'avro' }, {}, { registry: { url: registry.url } });
    await until('it waits', () => running.notes.some((note) => note.includes('waits: FW619')));
    expect([log.end('raw', 0), log.end('dead-letters', 0)]).toEqual([0, 0]);
    registry.fails = undefined;
    await hasCome(2);
    expect(await documentsOf(log)).toEqual(['{"id":"A1"}', '{"id":"A2"}']);
    await until('the letter is there', () => log.end('dead-letters', 0) === 1);
    const [letter] = await lettersOf(log);
    expect(letter).toMatchObject({
      stage: 'validate',
      code: 'FW402',
      reason: expect.stringMatching(/^it does not fit schema 7: /),
      bytes: value([40, 0x41]).toString('base64'),
      origin: { topic: `kafka:${topic.name}`, partition: 0, offset: 1, key: 'k' },
    });
  });

  it.skipIf(!hasKcat)(
    'is whatever another program writes: kcat, with keys, headers and empty values',
    async () => {
      const { topic, log, source, hasCome } = await begin();
      const produce = (args: readonly string[], input: string): string =>
        execFileSync('kcat', ['-b', brokers.join(','), '-P', '-t', topic.name, ...args], {
          input,
          encoding: 'utf8',
        });
      produce(['-K', ':', '-H', 'content-type=text/csv'], 'k1:a,b\nk2:c,d\n');
      produce(['-Z', '-K', ':'], 'k3:\n');
      const running = await source({ value: 'bytes' });
      await hasCome(2);
      expect(
        (await recordsOf(log, 'raw')).map(({ headers, value }) => [
          headers['kafkaKey'],
          headers['contentType'],
          Buffer.from(value).toString(),
        ]),
      ).toEqual([
        ['k1', 'text/csv', 'a,b'],
        ['k2', 'text/csv', 'c,d'],
      ]);
      await until('the tombstone is counted', async () =>
        (await running.metrics()).includes(`{topic="${topic.name}",result="tombstone"} 1\n`),
      );
    },
  );
});

/** What the group has committed, as a dashboard of lag would ask. */
const committed = async ({ name }: ForeignTopic): Promise<number> => {
  const connection = await connectKafka({ brokers });
  const reader = (await connection.consumer({ 'group.id': `${name}-group` })) as unknown as {
    committed(
      places: readonly { readonly topic: string; readonly partition: number }[],
      timeoutMs: number,
      done: (error: null, answer: readonly { readonly offset?: number }[]) => void,
    ): void;
    disconnect(done: (error: null, answer: unknown) => void): void;
  };
  const [place] = await ask<readonly { readonly offset?: number }[]>((done) =>
    reader.committed([{ topic: name, partition: 0 }], 5_000, done),
  );
  await ask<unknown>((done) => reader.disconnect(done));
  return place?.offset ?? -1;
};
