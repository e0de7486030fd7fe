import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeadLetter } from '../../domain/dead-letter.ts';
import { deadLetters } from '../../pipelines/topics.ts';
import { kafkaSinkSettings } from '../../runtime/config/kafka-sink-settings.ts';
import type { LineLog } from '../../runtime/log/log.ts';
import { partitionOf } from '../../runtime/log/partitioner.ts';
import { appendRow } from '../../runtime/log/topic-rows.ts';
import { createMetrics } from '../../runtime/metrics/metrics.ts';
import { openKafkaSinks } from '../../runtime/wire/start-kafka-sinks.ts';
import { until } from '../support/until.ts';
import { lettersOf, openLine, tempLine } from './support/foreign-line.ts';
import { headersOf, readForeign } from './support/foreign-reader.ts';
import { makeForeignTopic } from './support/foreign-topic.ts';
import { has } from './support/kafka-jars.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const hasKcat = has('kcat', '-V');
if (!hasKcat) console.warn('test/kafka/foreign-sink: what kcat reads is skipped: there is no kcat');

/** Rows after which the process is killed, once or often. */
const kills = process.env['FOREWARN_SOAK'] === undefined ? [5_000] : [1, 5_000, 9_000, 15_000];

const rowOf = (n: number) => ({ key: `shipment-${n}`, value: Buffer.from(JSON.stringify({ n })) });
const textOf = ({ value }: { readonly value: Buffer | null }): string => String(value);

const begin = async (topicOptions: Parameters<typeof makeForeignTopic>[2] = {}) => {
  const topic = await makeForeignTopic(brokers, freshPrefix(), topicOptions);
  onTestFinished(() => topic.close());
  const folder = await tempLine();
  const log = await openLine(folder);
  onTestFinished(() => log.close());
  const prefix = freshPrefix();
  const sink = async (
    settings: object,
    {
      generation = 0,
      of = log,
      numbers = [0, 1],
    }: { generation?: number; of?: LineLog; numbers?: readonly number[] } = {},
  ) => {
    const metrics = createMetrics({ processMetrics: false });
    const notes: string[] = [];
    const sinks = await openKafkaSinks({
      settings: kafkaSinkSettings.parse({ brokers, prefix, ...settings }),
      log: of,
      generation,
      metrics,
      note: (line) => notes.push(line),
    });
    for (const number of numbers) sinks.take(number);
    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopped ??= sinks.stop());
    onTestFinished(stop);
    const lag = async (): Promise<number> =>
      Number(/^forewarn_kafka_sink_lag_records\{.*\} (\d+)$/m.exec(await metrics.text())?.[1]);
    return {
      sinks,
      notes,
      stop,
      metrics,
      caughtUp: () => until('the sink has written all', async () => (await lag()) === 0),
    };
  };
  const append = (...numbers: readonly number[]) =>
    Promise.all(numbers.map((n) => log.append('exceptions', rowOf(n))));
  const written = async (): Promise<readonly string[]> =>
    (await readForeign(brokers, topic.name)).map(textOf);
  return { topic, folder, prefix, log, sink, append, written };
};
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, n) => from + n);
/** Broker and topic judge the size of what is compressed. */
const incompressible = (): Buffer => randomBytes(200_000);
const inOrder = (texts: readonly string[]): readonly number[] =>
  texts.map((text) => (JSON.parse(text) as { readonly n: number }).n).sort((a, b) => a - b);

describe.skipIf(kafkaMissing !== undefined)('rows of ours for a topic of others', () => {
  it.each(['epoch', 'append'] as const)(
    'come once over restarts in order, mode %s, placed as Java places keys',
    async (mode) => {
      const { topic, sink, append } = await begin({ partitions: 5 });
      await append(...range(0, 200));
      const settings = { topics: { exceptions: { topic: topic.name, mode } } };
      const first = await sink(settings);
      await first.caughtUp();
      await first.stop();
      await append(...range(200, 260));
      const second = await sink(settings);
      await second.caughtUp();
      const messages = await readForeign(brokers, topic.name);
      expect(inOrder(messages.map(textOf))).toEqual(range(0, 260));
      for (const message of messages) {
        const key = String(message.key);
        expect([key, message.partition]).toEqual([key, partitionOf(key, 5)]);
        expect(headersOf(message)).toMatchObject({
          'content-type': 'application/json',
          'fw-place': expect.stringMatching(/^exceptions\/[01]\/\d+$/),
        });
      }
      expect([...first.notes, ...second.notes]).toEqual([]);
    },
  );

  it('from latest: what comes from the first start on', async () => {
    const { topic, sink, append, written } = await begin();
    await append(1, 2);
    const settings = { topics: { exceptions: { topic: topic.name, start: 'latest' } } };
    const first = await sink(settings);
    await first.caughtUp();
    await first.stop();
    await append(3);
    await (await sink(settings)).caughtUp();
    expect(inOrder(await written())).toEqual([3]);
  });

  it('that are too large for it are dead letters, and the others are written', async () => {
    const { topic, log, sink, append, written } = await begin({ config: { 'max.message.bytes': '100000' } });
    await append(...range(0, 4));
    const noise = incompressible();
    await log.append('exceptions', { key: 'big', value: noise });
    await append(...range(4, 8));
    const running = await sink({ topics: { exceptions: { topic: topic.name } } });
    await running.caughtUp();
    expect(inOrder(await written())).toEqual(range(0, 8));
    const [letter, ...others] = await lettersOf(log);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      stage: 'sink',
      code: 'FW702',
      origin: { topic: 'exceptions', key: 'big' },
    });
    expect(Buffer.from(letter!.bytes, 'base64').equals(noise)).toBe(true);
  });

  it('stop when another process has the sink, and when the position is of another log', async () => {
    const { topic, sink, append, written } = await begin();
    await append(1);
    const settings = { topics: { exceptions: { topic: topic.name } } };
    const zombie = await sink(settings);
    await zombie.caughtUp();
    const heir = await sink(settings);
    await until('the heir has it', async () =>
      (await heir.metrics.text()).includes('_lag_records{topic="exceptions"} 0'),
    );
    await append(2);
    await heir.caughtUp();
    await until('the zombie stops', () => zombie.notes.some((note) => note.includes('STOPPED')));
    expect(zombie.notes.join()).toContain('FW614');
    await heir.stop();
    const rewound = await sink(settings, { generation: 1 });
    await until('it says so', () => rewound.notes.length > 0);
    expect(rewound.notes[0]).toMatch(
      /STOPPED, .*FW620 sink of "exceptions": the data folder was rewound since/,
    );
    const another = await openLine(await tempLine());
    onTestFinished(() => another.close());
    for (let n = 0; n < 20; n++) await another.append('exceptions', rowOf(n));
    const wrong = await sink(settings, { of: another });
    await until('it says so', () => wrong.notes.length > 0);
    expect(wrong.notes[0]).toMatch(/STOPPED, .*FW620 .* is of another log than this one/);
    expect(inOrder(await written())).toEqual([1, 2]);
  });

  it('are written by whoever has their partition number, once, wherever that goes', async () => {
    const { topic, sink, append, written } = await begin();
    const settings = { topics: { exceptions: { topic: topic.name } } };
    const first = await sink(settings, { numbers: [0] });
    const second = await sink(settings, { numbers: [1] });
    await append(...range(0, 100));
    await Promise.all([first.caughtUp(), second.caughtUp()]);
    expect(inOrder(await written())).toEqual(range(0, 100));
    await first.sinks.give(0);
    await append(...range(100, 200));
    second.sinks.take(0);
    await second.caughtUp();
    expect(inOrder(await written())).toEqual(range(0, 200));
    // The second one knows nothing of it, as one that is held up, and is fenced for this number alone.
    first.sinks.take(0);
    await first.caughtUp();
    await append(...range(200, 300));
    await until('all is written', async () => (await written()).length >= 300);
    await until('the second one stops', () => second.notes.some((note) => note.includes('STOPPED')));
    expect(second.notes.join('\n')).toMatch(/exceptions\/0: STOPPED, .*FW614/);
    expect(second.notes.join('\n')).not.toContain('exceptions/1');
    expect(await second.metrics.text()).toContain('forewarn_kafka_sink_stopped{topic="exceptions"} 1');
    expect(inOrder(await written())).toEqual(range(0, 300));
  });

  it('wait for a topic that is not there, and refuse a topic of ours that is not', async () => {
    const { sink, append } = await begin();
    await append(1);
    const running = await sink({ topics: { exceptions: { topic: freshPrefix() } } });
    await until('it says so', () => running.notes.length > 0);
    expect(running.notes[0]).toMatch(/FW227 sink of "exceptions": Kafka has no topic .*; trying again/);
    await expect(sink({ topics: { exceptons: { topic: 'x' } } })).rejects.toThrow(
      /^FW101 sinks\.kafka\.topics\.exceptons: no topic of ours has this name; they are raw, /,
    );
  });

  it('are there once for readers of what is committed, whenever the process is killed', async () => {
    const { topic, folder, prefix, log, sink, append, written } = await begin({ partitions: 3 });
    const total = 20_000;
    for (let from = 0; from < total; from += 5_000) await append(...range(from, from + 5_000));
    await log.close();
    for (const rows of kills) await writtenUntilKilled(topic.name, folder, prefix, rows);
    const again = await openLine(folder);
    onTestFinished(() => again.close());
    const running = await sink({ topics: { exceptions: { topic: topic.name } } }, { of: again });
    await running.caughtUp();
    expect(inOrder(await written())).toEqual(range(0, total));
  });
});

/** Lets a child write until the topic has about so many rows, committed or not, then kills it in the middle of more. */
const writtenUntilKilled = async (
  topic: string,
  folder: string,
  prefix: string,
  rows: number,
): Promise<void> => {
  const child = spawn(
    process.execPath,
    ['--import', '@oxc-node/core/register', join(import.meta.dirname, 'support', 'sink-child.ts')],
    {
      env: {
        ...process.env,
        CHILD_BROKERS: brokers.join(','),
        CHILD_TOPIC: topic,
        CHILD_FOLDER: folder,
        CHILD_PREFIX: prefix,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  const { ask, connectKafka } = await import('../../runtime/kafka/connection.ts');
  const reader = await (await connectKafka({ brokers })).consumer({ 'group.id': topic });
  const uncommitted = (): Promise<number> =>
    Promise.all(
      [0, 1, 2].map((partition) =>
        ask<{ readonly highOffset: number }>((done) =>
          reader.queryWatermarkOffsets(topic, partition, 5_000, done),
        ),
      ),
    ).then((all) => all.reduce((sum, { highOffset }) => sum + highOffset, 0));
  await until(
    'it has written so much',
    async () => child.exitCode !== null || (await uncommitted()) >= rows,
    60_000,
  );
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  await ask<unknown>((done) => reader.disconnect(done));
};

describe.skipIf(kafkaMissing !== undefined)('dead letters for a topic of others', () => {
  it('carry bytes, key and the headers of Kafka Connect, also where the topic does not take them whole', async () => {
    const { topic, log, sink } = await begin({ config: { 'max.message.bytes': '100000' } });
    const headers = {
      source: 'tms',
      via: 'kafka',
      kafkaKey: 'order-7',
      documentId: 'kafka:their.orders#2/3/17',
    };
    const { offset } = await log.append('raw', { key: 'tms', value: Buffer.from('{broken'), headers });
    const letter: DeadLetter = {
      id: 'a'.repeat(32),
      at: 1,
      heardAt: 1,
      stage: 'decode',
      feed: 'tms',
      document: 'kafka:their.orders#2/3/17',
      position: 0,
      step: 'decode',
      code: 'FW401',
      reason: 'it is not JSON',
      bytes: Buffer.from('{broken').toString('base64'),
      codeVersion: '1',
      origin: { topic: 'raw', partition: null, offset, key: 'tms', contentType: 'application/json' },
    };
    await appendRow(log, deadLetters, letter, letter.id);
    const noise = incompressible();
    const long: DeadLetter = {
      ...letter,
      id: 'b'.repeat(32),
      stage: 'operator',
      document: 'tracking/5',
      bytes: noise.toString('base64'),
      origin: { topic: 'tracking', partition: 1, offset: 5, key: 'S-1', contentType: null },
    };
    await appendRow(log, deadLetters, long, long.id);
    const running = await sink({ deadLetters: { topic: topic.name } });
    await running.caughtUp();
    const [first, second, ...others] = await readForeign(brokers, topic.name);
    expect(others).toEqual([]);
    expect([String(first!.key), textOf(first!)]).toEqual(['order-7', '{broken']);
    expect(headersOf(first!)).toMatchObject({
      '__connect.errors.topic': 'their.orders',
      '__connect.errors.partition': '3',
      '__connect.errors.offset': '17',
      '__connect.errors.stage': 'VALUE_CONVERTER',
      '__connect.errors.class.name': 'decode',
      '__connect.errors.exception.class.name': 'FW401',
      '__connect.errors.exception.message': 'it is not JSON',
      'fw-id': letter.id,
    });
    expect([String(second!.key), second!.value?.equals(noise.subarray(0, 1_024))]).toEqual(['S-1', true]);
    expect(headersOf(second!)).toMatchObject({
      '__connect.errors.topic': 'tracking',
      '__connect.errors.offset': '5',
      'fw-cut': 'the first 1024 of 200000 bytes',
    });
  });

  it.skipIf(!hasKcat)('are read by another program: kcat', async () => {
    const { topic, log, sink } = await begin();
    const letter: DeadLetter = {
      id: 'c'.repeat(32),
      at: 1,
      heardAt: 1,
      stage: 'validate',
      feed: 'tms',
      document: 'file-1',
      position: 2,
      step: 'decode',
      code: 'FW402',
      reason: 'no weight',
      bytes: Buffer.from('a,b').toString('base64'),
      codeVersion: '1',
      origin: null,
    };
    await appendRow(log, deadLetters, letter, letter.id);
    await (await sink({ deadLetters: { topic: topic.name } })).caughtUp();
    const args = ['-b', brokers.join(','), '-C', '-t', topic.name, '-e', '-q', '-f', '%h|%s\n'];
    const printed = execFileSync('kcat', [...args, '-X', 'isolation.level=read_committed'], {
      encoding: 'utf8',
    });
    expect(printed).toContain(
      '__connect.errors.topic=,__connect.errors.partition=-1,__connect.errors.offset=-1,',
    );
    expect(printed.trim()).toMatch(/exception\.message=no weight.*\|a,b$/);
  });
});
