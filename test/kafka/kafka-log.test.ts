import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, connectKafka } from '../../runtime/kafka/connection.ts';
import type { KafkaLogOptions } from '../../runtime/log/kafka/kafka-log-options.ts';
import { KafkaLog } from '../../runtime/log/kafka/kafka-log.ts';
import { until } from '../support/until.ts';
import { readForeign } from './support/foreign-reader.ts';
import { brokers, freshPrefix, kafkaMissing } from './support/kafka.ts';
import { text, textsOf } from './support/texts-of.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const openLog = async (prefix: string, options: Partial<KafkaLogOptions> = {}): Promise<KafkaLog> => {
  const log = await KafkaLog.open({
    brokers,
    prefix,
    topics: { raw: 1, rows: 2 },
    time: 'recorded',
    ...options,
  });
  onTestFinished(() => log.close());
  return log;
};

const commit = (log: KafkaLog, producer: string, epoch: number, value: string) =>
  log.commit({
    producer,
    epoch,
    frontier: epoch,
    writes: [{ topic: 'rows', partition: 0, records: [{ key: 'k', heardAt: epoch, value: bytes(value) }] }],
    state: bytes(`state of ${value}`),
  });

describe.skipIf(kafkaMissing !== undefined)('two processes on one log', () => {
  it('that take themselves for the same: only the later one commits and appends', async () => {
    const prefix = freshPrefix();
    const zombie = await openLog(prefix);
    await commit(zombie, 'task/0', 1, 'a');
    await zombie.append('raw', { key: 'k', value: bytes('x') });
    const heir = await openLog(prefix);
    await expect(commit(zombie, 'task/0', 2, 'lost')).rejects.toThrow(/^FW614 /);
    await expect(zombie.append('raw', { key: 'k', value: bytes('lost') })).rejects.toThrow(/^FW614 /);
    await commit(heir, 'task/0', 2, 'b');
    await heir.append('raw', { key: 'k', value: bytes('y') });
    expect(await textsOf(heir, 'rows')).toEqual(['a', 'b']);
    expect(await textsOf(heir, 'raw')).toEqual(['x', 'y']);
    expect(Buffer.from((await heir.lastStates('task/')).get('task/0')!).toString()).toBe('state of b');
  });

  it('of which one takes a task over from the other: that one commits nothing more', async () => {
    const prefix = freshPrefix();
    const one = await openLog(prefix, { owns: (producer) => producer !== 'external' });
    const two = await openLog(prefix);
    await commit(one, 'task/0', 1, 'a');
    await commit(one, 'task/0', 2, 'b');
    await until('the other has read it', () => two.epoch('task/0') === 2);
    await expect(commit(two, 'task/0', 3, 'not taken over')).rejects.toThrow(/^FW614 /);
    await two.claim('task/0');
    await commit(two, 'task/0', 3, 'c');
    await until('the first has read it', () => one.epoch('task/0') === 3);
    // It is not to take the other's commit for its own.
    await expect(commit(one, 'task/0', 3, 'lost')).rejects.toThrow(/^FW614 /);
    expect(await textsOf(two, 'rows')).toEqual(['a', 'b', 'c']);
  });

  it('with tasks of their own see each other’s rows, frontiers and log time', async () => {
    const prefix = freshPrefix();
    const first = await openLog(prefix, { owns: (producer) => !producer.startsWith('b/') });
    const second = await openLog(prefix, { owns: (producer) => producer.startsWith('b/') });
    await commit(first, 'a/0', 1, 'from a');
    await commit(second, 'b/0', 1, 'from b');
    await first.append('raw', { key: 'k', value: bytes('x') }, { heardAt: 5_000 });
    for (const log of [first, second]) {
      await until(
        'everything is seen',
        () => log.frontier('a/0') === 1 && log.frontier('b/0') === 1 && log.closedUntil === 5_000,
      );
      expect((await textsOf(log, 'rows')).toSorted()).toEqual(['from a', 'from b']);
      expect(await textsOf(log, 'raw')).toEqual(['x']);
    }
    await commit(second, 'b/0', 2, 'later');
    expect(second.epoch('b/0')).toBe(2);
  });
});

describe.skipIf(kafkaMissing !== undefined)('states', () => {
  it('that are whole take the place of those before, also in another life, and changes do not', async () => {
    const prefix = freshPrefix();
    for (let life = 0; life < 2; life++) {
      const log = await openLog(prefix);
      for (let epoch = 4 * life + 1; epoch <= 4 * life + 4; epoch++)
        for (const [producer, isWhole] of [
          ['mirror/ports/0', true],
          ['watch/0', false],
        ] as const)
          await log.commit({
            producer,
            epoch,
            frontier: 0,
            writes: [],
            state: bytes(`${producer} ${epoch}`),
            isWhole,
          });
      const last = (await log.lastStates('mirror/')).get('mirror/ports/0')!;
      expect(Buffer.from(last).toString()).toBe(`mirror/ports/0 ${4 * life + 4}`);
      await log.close();
    }
    // What compaction leaves.
    const left = new Map<string, string>();
    for (const { key, value } of await readForeign(brokers, `${prefix}.log-state`))
      if (value === null) left.delete(String(key));
      else left.set(String(key), String(value));
    const epochsOf = (producer: string): readonly number[] =>
      [...left.values()]
        .filter((value) => value.startsWith(producer))
        .map((value) => Number(value.split(' ')[1]))
        .sort((a, b) => a - b);
    expect(epochsOf('mirror/ports/0')).toEqual([7, 8]);
    expect(epochsOf('watch/0')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe.skipIf(kafkaMissing !== undefined)('history that memory does not hold', () => {
  it('knows the end of what other programs wrote while it was away, and reads it when it is asked', async () => {
    const prefix = freshPrefix();
    const first = await openLog(prefix);
    await commit(first, 'task/0', 1, 'ours');
    await first.close();
    const connection = await connectKafka({ brokers });
    const foreign = await connection.producer({ 'transactional.id': `${prefix}.foreign` });
    onTestFinished(() => ask<void>((done) => foreign.disconnect(() => done(null))));
    foreign.setPollInBackground(true);
    const transaction = async (texts: readonly string[], isCommitted: boolean): Promise<void> => {
      await ask<void>((done) => foreign.beginTransaction(done));
      for (const one of texts) foreign.produce(`${prefix}.rows`, 0, Buffer.from(one), 'k', null);
      await ask<void>((done) => foreign.flush(30_000, done));
      await ask<void>((done) =>
        isCommitted ? foreign.commitTransaction(30_000, done) : foreign.abortTransaction(30_000, done),
      );
    };
    await ask<void>((done) => foreign.initTransactions(30_000, done));
    const theirs = Array.from({ length: 3_000 }, (_, nth) => `theirs ${nth}`);
    await transaction(theirs, true);
    // Offsets without a record, more of them than are looked at first.
    await transaction(
      Array.from({ length: 2_500 }, () => 'given up'),
      false,
    );
    const log = await openLog(prefix);
    expect(await textsOf(log, 'rows')).toEqual(['ours', ...theirs]);
    await commit(log, 'task/0', 2, 'ours again');
    expect(await textsOf(log, 'rows')).toEqual(['ours', ...theirs, 'ours again']);
  });

  it('is read from Kafka, from every offset and by many at once', async () => {
    const log = await openLog(freshPrefix(), { memoryBytes: 2_000 });
    for (let round = 0; round < 10; round++)
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => log.append('raw', { key: 'k', value: bytes(`${round}/${n}`) })),
      );
    const wanted = Array.from({ length: 200 }, (_, n) => `${Math.floor(n / 20)}/${n % 20}`);
    const readers = Array.from({ length: 6 }, () => textsOf(log, 'raw'));
    for (const texts of await Promise.all(readers)) expect(texts).toEqual(wanted);
  });

  it.each([1, 10])('has records of %s MB, which readers get whole', async (megabytes) => {
    const log = await openLog(freshPrefix(), { memoryBytes: 1_000 });
    const value = Buffer.alloc(megabytes << 20, 'forewarn');
    await log.append('raw', { key: 'k', value });
    await log.append('raw', { key: 'k', value: bytes('behind it') });
    const [large] = await log.read('raw', 0, 0, 1);
    expect(Buffer.compare(large!.value, value)).toBe(0);
    expect(text((await log.read('raw', 0, large!.offset + 1))[0]!)).toBe('behind it');
    await expect(log.append('raw', { key: 'k', value: Buffer.alloc(17 << 20) })).rejects.toThrow(/^FW702 /);
  });
});

/** Promises after which the process is killed, one life after the other. */
const kills = process.env['FOREWARN_SOAK'] === undefined ? [3, 24] : [3, 24, 41, 60, 7];

/** What a child was promised before it was killed, after so many promises. */
const promisedUntilKilled = (prefix: string, after: number, from: number): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--import', '@oxc-node/core/register', join(import.meta.dirname, 'support', 'commit-child.ts')],
      {
        env: {
          ...process.env,
          CHILD_BROKERS: brokers.join(','),
          CHILD_PREFIX: prefix,
          CHILD_FROM: String(from),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (words: string) => {
      printed += words;
      if (printed.split('\n').length > after) child.kill('SIGKILL');
    });
    child.once('close', () => resolve(printed.split('\n').slice(0, -1)));
  });

describe.skipIf(kafkaMissing !== undefined)('a process that the system kills', () => {
  it('leaves every commit whole or not at all, and none that it was promised is lost', async () => {
    const prefix = freshPrefix();
    let appended = 0;
    for (const after of kills) {
      const promised = await promisedUntilKilled(prefix, after, appended);
      const last = (what: string): number =>
        Math.max(
          0,
          ...promised.filter((line) => line.startsWith(what)).map((line) => Number(line.split(' ')[1])),
        );
      expect(promised.length).toBeGreaterThanOrEqual(after);
      const log = await openLog(prefix);
      const epoch = log.epoch('task/0');
      expect(epoch).toBeGreaterThanOrEqual(last('commit'));
      const wanted = Array.from({ length: epoch * 3 }, (_, n) => `${Math.floor(n / 3) + 1}/${(n % 3) + 1}`);
      for (const partition of [0, 1]) expect(await textsOf(log, 'rows', partition)).toEqual(wanted);
      // It may die before its first commit.
      const state = (await log.lastStates('task/')).get('task/0') ?? bytes('state 0');
      expect(Buffer.from(state).toString()).toBe(`state ${epoch}`);
      const raw = await textsOf(log, 'raw');
      expect(raw).toEqual(raw.map((_, n) => String(n)));
      expect(raw.length).toBeGreaterThan(last('append'));
      // What was not acknowledged is sent again, and known if it was there.
      const again = await log.append(
        'raw',
        { key: 'k', value: bytes(String(raw.length - 1)) },
        { documentId: String(raw.length - 1) },
      );
      expect(again.duplicate).toBe(true);
      appended = raw.length;
      await log.close();
    }
  });
});
