import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../support/until.ts';
import { documentsOf, openLine, runSource, tempLine } from '../support/foreign-line.ts';
import { makeForeignTopic } from '../support/foreign-topic.ts';
import { has, kafkaTools } from '../support/kafka-jars.ts';
import { brokers, freshPrefix, kafkaMissing } from '../support/kafka.ts';

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
const hasJava = has('java', '-version');
if (!hasJava)
  console.warn('test/kafka/long/java-client: compressed sets of the Java client are skipped: no Java');

/** Writes lines with the Java client's console producer, in sets that are compressed. */
const javaProduces = (topic: string, codec: string, lines: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const tool = [
      '-Xmx128m',
      '-XX:+UseSerialGC',
      '-cp',
      kafkaTools(),
      'org.apache.kafka.tools.ConsoleProducer',
    ];
    const child = spawn(
      'java',
      [...tool, '--bootstrap-server', brokers.join(','), '--topic', topic, '--compression-codec', codec],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (words: string) => (said += words));
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    child.once('close', (code) =>
      code === 0 && !said.includes('ERROR') ? resolve() : reject(new Error(`the console producer: ${said}`)),
    );
  });

describe.skipIf(kafkaMissing !== undefined || !hasJava)('sets that the Java client has compressed', () => {
  it('by all four codecs come as they were written', async () => {
    const topic = await makeForeignTopic(brokers, freshPrefix());
    onTestFinished(() => topic.close());
    const log = await openLine(await tempLine());
    onTestFinished(() => log.close());
    const linesOf = (codec: string): readonly string[] =>
      Array.from({ length: 500 }, (_, n) => `{"codec":"${codec}","n":${n},"same":"${'again '.repeat(20)}"}`);
    await Promise.all(codecs.map((codec) => javaProduces(topic.name, codec, linesOf(codec))));
    await runSource(log, { brokers, topics: { [topic.name]: { source: 'tms' } } });
    await until('all have come', () => log.end('raw', 0) >= 2_000);
    const documents = await documentsOf(log);
    for (const codec of codecs)
      expect(documents.filter((line) => line.includes(`"${codec}"`))).toEqual(linesOf(codec));
  });
});
