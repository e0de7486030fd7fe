import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../support/until.ts';
import { startBroker } from '../support/broker.ts';
import { documentsOf, openLine, runSource, tempLine } from '../support/foreign-line.ts';
import { makeForeignTopic } from '../support/foreign-topic.ts';
import { has } from '../support/kafka-jars.ts';
import { freshPrefix, kafkaMissing } from '../support/kafka.ts';
import { proxiedBroker } from '../support/proxied-broker.ts';

const canStart = has('java', '-version');
if (!canStart)
  console.warn(
    'test/kafka/long/foreign-broker is skipped: it starts brokers of its own, and there is no Java',
  );

/** Seconds for which the leader is gone. */
const LEADER_GONE_SEC = process.env['FOREWARN_SOAK'] === undefined ? 8 : 60;

const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => String(from + n));

describe.skipIf(kafkaMissing !== undefined || !canStart)('a foreign topic whose broker is in trouble', () => {
  const own = proxiedBroker();

  const begin = async (more: Parameters<typeof runSource>[2] = {}) => {
    const brokers = [own.broker.address];
    const topic = await makeForeignTopic(brokers, freshPrefix());
    onTestFinished(() => topic.close());
    const log = await openLine(await tempLine());
    onTestFinished(() => log.close());
    const source = await runSource(log, { brokers, topics: { [topic.name]: { source: 'tms' } } }, more);
    const hasCome = (count: number): Promise<void> =>
      until(`${count} documents have come`, () => log.end('raw', 0) >= count, 120_000);
    return { topic, log, source, hasCome };
  };

  it('that is killed and started again: every record once, in order', async () => {
    const { topic, log, source, hasCome } = await begin();
    await topic.write(...numbers(0, 500));
    await hasCome(500);
    await own.broker.kill();
    const writing = topic.write(...numbers(500, 1_000));
    await own.broker.restart();
    await writing;
    await hasCome(1_000);
    expect(await documentsOf(log)).toEqual(numbers(0, 1_000));
    expect(source.notes.filter((note) => note.includes('STOPPED'))).toEqual([]);
  }, 180_000);

  it(`that is gone for ${LEADER_GONE_SEC} s: every record once, in order`, async () => {
    const { topic, log, source, hasCome } = await begin({ patienceMs: 5_000 });
    await topic.write(...numbers(0, 100));
    await hasCome(100);
    own.broker.pause();
    onTestFinished(() => own.broker.resume());
    const writing = topic.write(...numbers(100, 200));
    await pause(LEADER_GONE_SEC * 1_000);
    own.broker.resume();
    await writing;
    await hasCome(200);
    expect(await documentsOf(log)).toEqual(numbers(0, 200));
    expect(source.notes.filter((note) => note.includes('STOPPED'))).toEqual([]);
  }, 240_000);

  it('that is slow: everything comes, also what takes longer than a consumer is waited for', async () => {
    const { topic, log, source, hasCome } = await begin({ patienceMs: 1_000 });
    await topic.write('begin');
    await hasCome(1);
    // One set of half a megabyte that cannot be compressed, at 100 KB a second.
    const texts = numbers(0, 500).map((n) => `${n} ${randomBytes(500).toString('base64')}`);
    await topic.write(...texts.slice(0, 250));
    own.proxy.bytesPerSec = 100_000;
    onTestFinished(() => void (own.proxy.bytesPerSec = Infinity));
    await topic.write(...texts.slice(250));
    await hasCome(501);
    own.proxy.bytesPerSec = Infinity;
    expect(await documentsOf(log)).toEqual(['begin', ...texts]);
    expect(source.notes.filter((note) => note.includes('STOPPED'))).toEqual([]);
  }, 180_000);

  it('that answers everything but those who fetch: the consumer is made anew, and it is counted', async () => {
    const { topic, log, source, hasCome } = await begin({ patienceMs: 1_500 });
    await topic.write(...numbers(0, 10));
    await hasCome(10);
    expect(own.proxy.hangFetches()).toBeGreaterThan(0);
    await topic.write(...numbers(10, 20));
    await hasCome(20);
    expect(await documentsOf(log)).toEqual(numbers(0, 20));
    expect(await source.metrics()).toMatch(
      new RegExp(`restarts_total\\{topic="${topic.name}",why="stalled"\\} [1-9]`),
    );
    expect(source.notes.join()).toContain(
      'the consumer is made anew: it brings nothing, though there is more',
    );
  }, 120_000);
});

describe.skipIf(kafkaMissing !== undefined || !canStart)(
  'a foreign topic whose broker has no room left',
  () => {
    it('goes on where it was when the broker has room again', async () => {
      // A file may have 24 MB, and then writing it fails, as on a disk that is full: the broker gives up.
      const limited = ['bash', '-c', 'ulimit -f 24576; trap "" XFSZ; exec "$@"', 'bash'];
      const broker = await startBroker({ launcher: limited });
      onTestFinished(() => broker.stop());
      const brokers = [broker.address];
      const topic = await makeForeignTopic(brokers, freshPrefix(), {
        config: { 'max.message.bytes': '2000000' },
      });
      onTestFinished(() => topic.close());
      const log = await openLine(await tempLine());
      onTestFinished(() => log.close());
      const source = await runSource(log, { brokers, topics: { [topic.name]: { source: 'tms' } } });
      const record = (n: number): string => String(n).padEnd(1 << 20, 'x');
      let written = 0;
      const taken: Promise<void>[] = [];
      for (; written < 40 && broker.isRunning(); written++) {
        const one = topic.write(record(written));
        taken.push(one);
        await Promise.race([one, until('the broker ended', () => !broker.isRunning(), 60_000)]);
      }
      expect(broker.isRunning()).toBe(false);
      await broker.restart({ launcher: [] });
      await Promise.all(taken);
      await topic.write('after');
      await until('all have come', () => log.end('raw', 0) >= written + 1, 120_000);
      expect((await documentsOf(log)).map((text) => text.replace(/x+$/, ''))).toEqual([
        ...numbers(0, written),
        'after',
      ]);
      expect(source.notes.filter((note) => note.includes('STOPPED'))).toEqual([]);
    }, 300_000);
  },
);
