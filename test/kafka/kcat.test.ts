import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { until } from '../support/until.ts';
import { has } from './support/kafka-jars.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';

const hasKcat = has('kcat', '-V');
if (!hasKcat) console.warn('test/kafka/kcat is skipped: there is no kcat');

const kcat = (args: readonly string[], input = ''): string =>
  execFileSync('kcat', ['-b', brokers.join(','), ...args], { input, encoding: 'utf8' });

const openLog = async (prefix: string): Promise<KafkaLog> => {
  const log = await KafkaLog.open({ brokers, prefix, topics: { raw: 1, rows: 7 }, time: 'recorded' });
  onTestFinished(() => log.close());
  return log;
};

describe.skipIf(kafkaMissing !== undefined || !hasKcat)('another program', () => {
  it('reads keys, headers and values of a topic of ours, and of nothing that was not committed', async () => {
    const prefix = freshPrefix();
    const log = await openLog(prefix);
    const headers = { source: 'saia' };
    await log.append('raw', { key: 'k1', value: Buffer.from('one'), headers }, { heardAt: 1_234.5 });
    await log.append('raw', { key: 'k2', value: Buffer.from('two') });
    const printed = kcat([
      '-C',
      '-t',
      `${prefix}.raw`,
      '-e',
      '-q',
      '-f',
      '%k|%h|%s\n',
      '-X',
      'isolation.level=read_committed',
    ]);
    const [first, second] = printed.trim().split('\n');
    expect(first).toBe('k1|fw-heard=1234.5 external,source=saia|one');
    expect(second).toMatch(/^k2\|.*\|two$/);
  });

  it('places keys as we do, and what it writes comes from outside', async () => {
    const prefix = freshPrefix();
    const log = await openLog(prefix);
    const keys = Array.from({ length: 40 }, (_, n) => `shipment-${n}`);
    kcat(
      ['-P', '-t', `${prefix}.rows`, '-K', ':', '-X', 'topic.partitioner=murmur2'],
      keys.map((key) => `${key}:said of ${key}\n`).join(''),
    );
    const places = (): readonly (readonly [partition: number, end: number])[] =>
      Array.from({ length: 7 }, (_, partition) => [partition, log.end('rows', partition)]);
    await until('all have come', () => places().reduce((sum, [, end]) => sum + end, 0) === keys.length);
    for (const [partition, end] of places()) {
      const records = end === 0 ? [] : await log.read('rows', partition, 0);
      for (const { key, value, producer } of records) {
        expect([key, log.partitionFor('rows', key)]).toEqual([key, partition]);
        expect([producer, Buffer.from(value).toString()]).toEqual(['external', `said of ${key}`]);
      }
    }
  });
});
