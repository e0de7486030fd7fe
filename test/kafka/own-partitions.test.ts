import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { until } from '../support/until.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';
import { textsOf } from './support/texts-of.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const KEYS = Array.from({ length: 40 }, (_, n) => `key ${n}`);

describe.skipIf(kafkaMissing !== undefined)('a process that shares a log', () => {
  const opened: KafkaLog[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((log) => log.close())));

  const open = async (prefix: string, options: { readonly memoryBytes?: number } = {}): Promise<KafkaLog> => {
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics: { raw: 2, rows: 2, rules: 1 },
      time: 'recorded',
      sharing: {
        member: '',
        numbers: 2,
        numberOf: (producer) => Number(/\/(\d+)$/.exec(producer)?.[1] ?? 0),
        onFenced: () => undefined,
      },
      ...options,
    });
    opened.push(log);
    return log;
  };

  /** As a process of a line: it has a number, and follows its partition. */
  const take = async (log: KafkaLog, number: number, from = 0): Promise<void> => {
    await log.numbers!.take(number);
    const follow = [`raw/${number}`, `rows/${number}`, 'rules/0'].map((place) => [place, from] as const);
    await log.follow(`tasks/${number}`, new Map(follow));
  };

  const commit = (log: KafkaLog, producer: string, epoch: number) =>
    log.commit({
      producer,
      epoch,
      frontier: epoch,
      writes: [0, 1].map((partition) => ({
        topic: 'rows',
        partition,
        records: [{ key: 'k', heardAt: epoch, value: bytes(`${producer} ${epoch}`) }],
      })),
    });

  const fetchedBy = (log: KafkaLog, prefix: string, place: string): number =>
    log.fetched.get(`${prefix}.${place}`)?.records ?? 0;

  it('is brought nothing of partitions that nobody in it follows, and knows their ends', async () => {
    const prefix = freshPrefix();
    const [one, other] = await Promise.all([open(prefix), open(prefix)]);
    await Promise.all([take(one, 0), take(other, 1)]);
    await Promise.all(KEYS.map((key) => one.append('raw', { key, value: bytes(key) })));
    for (let epoch = 1; epoch <= 5; epoch++)
      await Promise.all([commit(one, 'watch/0', epoch), commit(other, 'watch/1', epoch)]);
    await until('both know of all commits', () =>
      [one, other].every((log) => log.epoch('watch/0') === 5 && log.epoch('watch/1') === 5),
    );
    for (const topic of ['raw', 'rows'])
      for (const partition of [0, 1]) expect(one.end(topic, partition)).toBe(other.end(topic, partition));
    for (const topic of ['raw', 'rows']) {
      expect(fetchedBy(one, prefix, `${topic}/0`)).toBeGreaterThan(0);
      expect(fetchedBy(other, prefix, `${topic}/1`)).toBeGreaterThan(0);
      expect([fetchedBy(one, prefix, `${topic}/1`), fetchedBy(other, prefix, `${topic}/0`)]).toEqual([0, 0]);
    }
    // Asked for it they have it all the same.
    for (const topic of ['raw', 'rows'])
      for (const partition of [0, 1])
        expect(await textsOf(one, topic, partition)).toEqual(await textsOf(other, topic, partition));
    expect((await textsOf(other, 'rows', 0)).toSorted()).toEqual(
      [0, 1].flatMap((task) => [1, 2, 3, 4, 5].map((epoch) => `watch/${task} ${epoch}`)),
    );
  });

  it('shows below a frontier all that lies there, also where it does not read', async () => {
    const prefix = freshPrefix();
    const [writer, reader] = await Promise.all([open(prefix), open(prefix)]);
    await Promise.all([take(writer, 0), take(reader, 1)]);
    let missed = 0;
    let looked = 0;
    const look = async (): Promise<void> => {
      const frontier = reader.frontier('watch/0');
      if (frontier < 1) return;
      for (const partition of [0, 1]) {
        const texts = await textsOf(reader, 'rows', partition);
        looked += 1;
        if (!texts.includes(`watch/0 ${frontier}`)) missed += 1;
      }
    };
    for (let epoch = 1; epoch <= 10; epoch++) await Promise.all([commit(writer, 'watch/0', epoch), look()]);
    await until('it knows of all', () => reader.frontier('watch/0') === 10);
    await look();
    expect(looked).toBeGreaterThan(2);
    expect(missed).toBe(0);
  });

  it('goes on from where a number stands that it takes, and is rid of one that it gives', async () => {
    const prefix = freshPrefix();
    const [one, other] = await Promise.all([open(prefix), open(prefix)]);
    await Promise.all([take(one, 0), take(one, 1)]);
    for (let epoch = 1; epoch <= 6; epoch++) await commit(one, 'watch/1', epoch);
    const before = await textsOf(one, 'rows', 1);
    const third = (await one.read('rows', 1, 0))[2]!.offset;
    await one.numbers!.give(1);
    await one.follow('tasks/1', new Map());
    const fetched = fetchedBy(one, prefix, 'rows/1');
    await take(other, 1, third);
    // From the third on, as the tasks stand, and nothing before.
    expect(fetchedBy(other, prefix, 'rows/1')).toBe(4);
    for (let epoch = 7; epoch <= 9; epoch++) await commit(other, 'watch/1', epoch);
    await until('the first knows of it', () => one.epoch('watch/1') === 9);
    expect(fetchedBy(one, prefix, 'rows/1')).toBe(fetched);
    const all = [...before, ...[7, 8, 9].map((epoch) => `watch/1 ${epoch}`)];
    expect(await textsOf(other, 'rows', 1)).toEqual(all);
    // Back again, from further back than it was left.
    await other.numbers!.give(1);
    await take(one, 1, 0);
    await commit(one, 'watch/1', 10);
    expect(await textsOf(one, 'rows', 1)).toEqual([...all, 'watch/1 10']);
  });

  it('has every record once and in order, however often it leaves a partition and follows it again', async () => {
    const prefix = freshPrefix();
    const log = await open(prefix, { memoryBytes: 20_000 });
    await Promise.all([take(log, 0), log.numbers!.take(1)]);
    const wanted: string[] = [];
    for (let round = 0; round < 12; round++) {
      const writing = [1, 2, 3].map((n) => commit(log, `task${n}/0`, round + 1));
      const from = round % 3 === 0 ? 0 : Math.max(0, log.end('rows', 1) - 2);
      const following = log.follow('page', round % 2 === 0 ? new Map([['rows/1', from]]) : new Map());
      await Promise.all([...writing, following]);
      wanted.push(...[1, 2, 3].map((n) => `task${n}/0 ${round + 1}`));
      for (const partition of [0, 1]) {
        const texts = await textsOf(log, 'rows', partition);
        expect(new Set(texts).size).toBe(texts.length);
        expect(texts.toSorted()).toEqual(wanted.toSorted());
      }
    }
  });
});

describe.skipIf(kafkaMissing !== undefined)('a process that has a line alone', () => {
  it.each(['all', 'followed'] as const)('reads of what it writes: %s', async (reads) => {
    const prefix = freshPrefix();
    const log = await KafkaLog.open({
      brokers,
      prefix,
      topics: { raw: 1, rows: 2 },
      time: 'recorded',
      reads,
    });
    onTestFinished(() => log.close());
    await log.follow('tasks/0', new Map([['raw/0', 0]]));
    const records = Array.from({ length: 100 }, (_, n) => ({
      key: 'k',
      heardAt: n,
      value: bytes(`row ${n}`),
    }));
    for (const epoch of [1, 2])
      await log.commit({
        producer: 'watch/0',
        epoch,
        frontier: epoch,
        writes: [0, 1].map((partition) => ({ topic: 'rows', partition, records })),
      });
    await log.append('raw', { key: 'k', value: bytes('heard') });
    const brought = (place: string): number => log.fetched.get(`${prefix}.${place}`)?.records ?? 0;
    // What came back before the commit did.
    expect([brought('raw/0'), brought('rows/0'), brought('rows/1')]).toEqual(
      reads === 'all' ? [1, 200, 200] : [1, 0, 0],
    );
    expect(log.bytes).toBeGreaterThan(400 * 5);
    expect(log.bytes).toBeLessThan(1_000 * 10);
    const wanted = [...records, ...records].map(({ value }) => Buffer.from(value).toString());
    for (const partition of [0, 1]) expect(await textsOf(log, 'rows', partition)).toEqual(wanted);
  });
});
