import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { wallClock } from '../../runtime/clock.ts';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { until } from '../support/until.ts';
import { documentsOf, openLine, runSource, tempLine } from './support/foreign-line.ts';
import { makeForeignTopic } from './support/foreign-topic.ts';
import { lineTopics } from './support/line-topics.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const numbers = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, n) => String(from + n));

/** Lets a child take the topic until the log has so many documents, then kills it. */
const takenUntilKilled = (environment: Readonly<Record<string, string>>, documents: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--import', '@oxc-node/core/register', join(import.meta.dirname, 'support', 'foreign-child.ts')],
      {
        env: { ...process.env, CHILD_BROKERS: brokers.join(','), ...environment },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    child.stdout.setEncoding('utf8').on('data', (words: string) => {
      if (words.split('\n').some((line) => Number(line) >= documents)) child.kill('SIGKILL');
    });
    child.once('close', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`the child ended by itself with ${code}`)),
    );
  });

describe.skipIf(kafkaMissing !== undefined)('a process that is killed while it takes a foreign topic', () => {
  const RECORDS = 9_000;
  const isShort = process.env['FOREWARN_SOAK'] === undefined;
  const cases: readonly { readonly place: 'embedded' | 'kafka'; readonly kills: readonly number[] }[] =
    isShort
      ? [{ place: 'embedded', kills: [3_000] }]
      : [
          { place: 'embedded', kills: [1, 3_000, 6_000] },
          { place: 'kafka', kills: [1, 3_000, 6_000] },
        ];

  it.each(cases)('has every record once, in the log that is $place', async ({ place, kills }) => {
    const topic = await makeForeignTopic(brokers, freshPrefix(), { partitions: 2 });
    onTestFinished(() => topic.close());
    const all = numbers(0, RECORDS);
    await topic.write(...all.map((value, n) => ({ value: value.padEnd(200, ' '), partition: n % 2 })));
    const folder = await tempLine();
    const prefix = place === 'kafka' ? freshPrefix() : '';
    const environment = { CHILD_TOPIC: topic.name, CHILD_FOLDER: folder, CHILD_PREFIX: prefix };
    for (const documents of kills) await takenUntilKilled(environment, documents);
    const log =
      place === 'kafka'
        ? await KafkaLog.open({ brokers, prefix, topics: lineTopics, time: () => wallClock })
        : await openLine(folder);
    onTestFinished(() => log.close());
    await runSource(log, { brokers, topics: { [topic.name]: { source: 'tms' } } });
    // Kafka's own offsets count the ends of transactions, too.
    await until('all are there', async () => (await documentsOf(log)).length >= RECORDS, 60_000);
    const documents = (await documentsOf(log)).map((text) => text.trim());
    expect([...documents].sort((a, b) => Number(a) - Number(b))).toEqual(all);
    for (const parity of [0, 1])
      expect(documents.filter((text) => Number(text) % 2 === parity)).toEqual(
        all.filter((text) => Number(text) % 2 === parity),
      );
  });
});
