import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka } from '../../runtime/kafka/connection.ts';
import { TopicSink } from '../../sinks/kafka/topic-sink.ts';
import { until } from '../support/until.ts';
import { openLine, tempLine } from './support/foreign-line.ts';
import { readForeign } from './support/foreign-reader.ts';
import { makeForeignTopic } from './support/foreign-topic.ts';
import { has } from './support/kafka-jars.ts';
import { freshPrefix, kafkaMissing } from './support/kafka.ts';
import { proxiedBroker } from './support/proxied-broker.ts';

const canStart = has('java', '-version');
if (!canStart)
  console.warn('test/kafka/sink-broker-away is skipped: it starts a broker of its own, and there is no Java');

const MOST_OPEN_MS = 1_000;
/** Then the broker has ended what is older: it looks once a second. */
const AWAY_MS = MOST_OPEN_MS + 2_500;

describe.skipIf(kafkaMissing !== undefined || !canStart)('a sink whose broker is gone', () => {
  const own = proxiedBroker();

  it('for longer than a transaction may last goes on, and writes every row once', async () => {
    const prefix = freshPrefix();
    const topic = await makeForeignTopic([own.broker.address], `${prefix}-theirs`);
    onTestFinished(() => topic.close());
    const log = await openLine(await tempLine());
    onTestFinished(() => log.close());
    const connection = await connectKafka({ brokers: [own.broker.address] });
    const admin = connection.admin();
    const notes: string[] = [];
    let rows = 0;
    const sink = new TopicSink({
      connection,
      admin,
      prefix,
      replicas: 1,
      log,
      sink: 'dead-letters',
      partition: 0,
      from: 'dead-letters',
      to: topic.name,
      mode: 'epoch',
      start: 'earliest',
      generation: 0,
      mostOpenMs: MOST_OPEN_MS,
      encode: ({ record }) => ({
        topic: topic.name,
        partition: -1,
        key: record.key,
        value: Buffer.from(record.value),
        headers: [],
      }),
      counts: { rows: (_, more) => (rows += more), failed: () => undefined },
      note: (line) => notes.push(line),
    });
    sink.start();
    onTestFinished(async () => {
      await sink.stop();
      admin.disconnect();
    });
    let n = 0;
    let isGoing = true;
    // Rows come all the time, so that some are on their way when the broker is gone.
    const coming = (async () => {
      for (; isGoing; n++) await log.append('dead-letters', { key: 'k', value: Buffer.from(String(n)) });
    })();
    await until('it writes', () => rows > 100);
    await own.proxy.cutAtEndOfTransaction();
    await pause(AWAY_MS);
    own.proxy.mend();
    isGoing = false;
    await coming;
    await until('all is written', () => sink.lag === 0, 120_000);
    const written = (await readForeign([own.broker.address], topic.name)).map(({ value }) => Number(value));
    expect(written.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index));
    expect(notes.join('\n')).toContain('FW614');
    expect(notes.filter((note) => note.includes('STOPPED'))).toEqual([]);
  }, 180_000);
});
