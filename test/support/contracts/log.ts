import { describe, expect, it, onTestFinished } from 'vitest';
import type { LineLog, LogRecord, TaskRecord } from '../../../runtime/log/log.ts';
import { stateTopic } from '../../../runtime/log/state-topic.ts';

export interface LogOptions {
  readonly rememberedIds?: number;
  readonly queueBytes?: number;
}

/** One log, which a test may close and open again. It has `raw` with one partition and `rows` with two, in recorded time. */
export interface LogUnderTest {
  readonly open: (options?: LogOptions) => Promise<LineLog>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = ({ value }: LogRecord): string => new TextDecoder().decode(value);
const rowOf = (value: string, heardAt = 1): TaskRecord => ({ key: 'k', heardAt, value: bytes(value) });

/** Everything from an offset on, in pieces of so many bytes. */
const readAll = async (
  log: LineLog,
  topic: string,
  partition = 0,
  from = 0,
  maxBytes?: number,
): Promise<readonly LogRecord[]> => {
  const all: LogRecord[] = [];
  for (let offset = from; offset < log.end(topic, partition);) {
    const records = await log.read(topic, partition, offset, maxBytes);
    expect(records.length).toBeGreaterThan(0);
    all.push(...records);
    offset = records.at(-1)!.offset + 1;
  }
  return all;
};

/** What every log does, whatever it is made of. */
export const logContract = (begin: () => Promise<LogUnderTest>): void => {
  const opener = async () => {
    const { open } = await begin();
    return async (options?: LogOptions): Promise<LineLog> => {
      const log = await open(options);
      onTestFinished(() => log.close());
      return log;
    };
  };
  const append = (log: LineLog, value: string, documentId?: string) =>
    log.append('raw', { key: 'k', value: bytes(value) }, documentId === undefined ? {} : { documentId });
  const commit = (log: LineLog, epoch: number, ...values: readonly string[]) =>
    log.commit({
      producer: 'task/0',
      epoch,
      frontier: epoch * 1_000,
      writes: [0, 1].map((partition) => ({
        topic: 'rows',
        partition,
        records: values.map((value) => rowOf(`${value} in ${partition}`, epoch * 1_000)),
      })),
      state: bytes(`state ${epoch}`),
    });

  describe('records', () => {
    it('come back in order with all that they had, and again after it was opened again', async () => {
      const open = await opener();
      let log = await open();
      const headers = { source: 'ä', contentType: 'text/plain' };
      const answers = await Promise.all(
        ['a', 'b', 'c'].map((value) => log.append('raw', { key: 'ключ', value: bytes(value), headers })),
      );
      for (let life = 0; life < 2; life++) {
        const records = await log.read('raw', 0, 0);
        expect(records.map((record) => [record.offset, text(record), record.producer, record.key])).toEqual(
          ['a', 'b', 'c'].map((value, index) => [answers[index]!.offset, value, 'external', 'ключ']),
        );
        expect(records.map(({ headers: own }) => own)).toEqual([headers, headers, headers]);
        expect(records.map(({ heardAt }) => heardAt)).toEqual(answers.map(({ heardAt }) => heardAt));
        expect(records[2]!.heardAt).toBeGreaterThan(records[1]!.heardAt);
        expect(records[1]!.heardAt).toBeGreaterThan(records[0]!.heardAt);
        expect(log.end('raw', 0)).toBe(records[2]!.offset + 1);
        await log.close();
        log = await open();
      }
    });

    it('can be read from every offset, in pieces of every size', async () => {
      const open = await opener();
      const log = await open();
      for (let round = 0; round < 4; round++)
        await Promise.all(
          Array.from({ length: 5 }, (_, n) => append(log, `${round}/${n} ${'x'.repeat(n * 20)}`)),
        );
      await log.close();
      const again = await open();
      await append(again, 'and one more');
      const all = await readAll(again, 'raw');
      expect(all).toHaveLength(21);
      for (const maxBytes of [1, 150, 1_000_000])
        expect(await readAll(again, 'raw', 0, 0, maxBytes)).toEqual(all);
      for (const [index, { offset }] of all.entries())
        expect(await readAll(again, 'raw', 0, offset)).toEqual(all.slice(index));
      expect(await again.read('raw', 0, again.end('raw', 0))).toEqual([]);
    });

    it('of two keys lie where murmur2 puts them', async () => {
      const open = await opener();
      const log = await open();
      for (const key of ['foobar', 'abc', 'shipment-1', 'shipment-2']) {
        const { partition, offset } = await log.append('rows', { key, value: bytes(key) });
        expect(partition).toBe(log.partitionFor('rows', key));
        expect((await log.read('rows', partition, offset)).map((record) => record.key)).toEqual([key]);
      }
    });

    it.each([0, 1, 3_000_000])('may have a value of %s bytes', async (size) => {
      const open = await opener();
      const log = await open();
      const value = Uint8Array.from({ length: size }, (_, index) => (index * 31) & 0xff);
      await log.append('raw', { key: '', value });
      await log.close();
      const [record] = await (await open()).read('raw', 0, 0);
      expect(Buffer.compare(record!.value, value)).toBe(0);
      expect(record!.key).toBe('');
    });
  });

  describe('a document that is sent again', () => {
    it('is answered as the first time, even after the log was opened again', async () => {
      const open = await opener();
      let log = await open();
      const first = await append(log, 'a', 'd1');
      expect(await append(log, 'a', 'd1')).toEqual({ ...first, duplicate: true });
      const [one, two] = await Promise.all([append(log, 'b', 'd2'), append(log, 'b', 'd2')]);
      expect(two).toEqual({ ...one, duplicate: true });
      await append(log, 'a');
      const end = log.end('raw', 0);
      await log.close();
      log = await open();
      expect(await append(log, 'a', 'd1')).toEqual({ ...first, duplicate: true });
      expect(await append(log, 'b', 'd2')).toEqual({ ...one, duplicate: true });
      expect(log.end('raw', 0)).toBe(end);
      expect((await append(log, 'a', 'd3')).duplicate).toBe(false);
    });

    it('is another one in another topic', async () => {
      const open = await opener();
      const log = await open();
      await append(log, 'a', 'd1');
      const other = await log.append('rows', { key: 'k', value: bytes('a') }, { documentId: 'd1' });
      expect(other.duplicate).toBe(false);
    });

    it('is known as one of the last so many', async () => {
      const open = await opener();
      let log = await open({ rememberedIds: 3 });
      for (let life = 0; life < 2; life++) {
        for (const id of ['a', 'b', 'c', 'd']) await append(log, id, `${id}${life}`);
        if (life === 1) break;
        await log.close();
        log = await open({ rememberedIds: 3 });
        for (const id of ['b', 'c', 'd']) expect((await append(log, id, `${id}0`)).duplicate).toBe(true);
      }
      expect((await append(log, 'a', 'a1')).duplicate).toBe(false);
    });
  });

  describe('a commit', () => {
    it('is there with its rows, its state, its epoch and its frontier, and so after it was opened again', async () => {
      const open = await opener();
      let log = await open();
      await commit(log, 1, 'a', 'b');
      const { stateEnd } = await commit(log, 2, 'c');
      for (let life = 0; life < 2; life++) {
        for (const partition of [0, 1]) {
          const rows = await readAll(log, 'rows', partition);
          expect(rows.map((row) => [text(row), row.heardAt, row.producer])).toEqual([
            [`a in ${partition}`, 1_000, 'task/0'],
            [`b in ${partition}`, 1_000, 'task/0'],
            [`c in ${partition}`, 2_000, 'task/0'],
          ]);
        }
        expect([log.epoch('task/0'), log.frontier('task/0')]).toEqual([2, 2_000]);
        expect([log.epoch('task/1'), log.frontier('task/1')]).toEqual([0, -Infinity]);
        const states = await readAll(log, stateTopic('task/0'));
        expect(states.map(text)).toEqual(['state 1', 'state 2']);
        expect(states.at(-1)!.offset + 1).toBe(stateEnd);
        expect(log.end(stateTopic('task/0'), 0)).toBe(stateEnd);
        expect(
          [...(await log.lastStates('task/'))].map(([name, state]) => [name, Buffer.from(state).toString()]),
        ).toEqual([['task/0', 'state 2']]);
        await log.close();
        log = await open();
      }
    });

    it('that was seen is ignored, also in another life', async () => {
      const open = await opener();
      let log = await open();
      await commit(log, 1, 'a');
      await commit(log, 1, 'again');
      await log.close();
      log = await open();
      await commit(log, 1, 'again');
      expect((await readAll(log, 'rows')).map(text)).toEqual(['a in 0']);
      await commit(log, 2, 'b');
      expect((await readAll(log, 'rows')).map(text)).toEqual(['a in 0', 'b in 0']);
    });

    it('answers where its own state ends, though another one is under way', async () => {
      const open = await opener();
      const log = await open();
      const answers = await Promise.all([commit(log, 1, 'a'), commit(log, 2, 'b'), commit(log, 3)]);
      const states = await readAll(log, stateTopic('task/0'));
      expect(states.map(text)).toEqual(['state 1', 'state 2', 'state 3']);
      expect(answers.map(({ stateEnd }) => stateEnd)).toEqual(states.map(({ offset }) => offset + 1));
      const later = await readAll(log, stateTopic('task/0'), 0, answers[0].stateEnd);
      expect(later.map(text)).toEqual(['state 2', 'state 3']);
    });

    it('may have no rows, no state, or a state of megabytes', async () => {
      const open = await opener();
      let log = await open();
      const big = Uint8Array.from({ length: 3_500_000 }, (_, index) => (index * 7) & 0xff);
      await log.commit({ producer: 'a/0', epoch: 1, frontier: 5, writes: [], state: big });
      await log.commit({ producer: 'a/0', epoch: 2, frontier: 6, writes: [] });
      await log.close();
      log = await open();
      expect([log.epoch('a/0'), log.frontier('a/0')]).toEqual([2, 6]);
      expect(Buffer.compare((await log.lastStates('a/')).get('a/0')!, big)).toBe(0);
      const states = await readAll(log, stateTopic('a/0'));
      expect(states).toHaveLength(1);
      expect(Buffer.compare(states[0]!.value, big)).toBe(0);
    });

    it('of one of several producers shows no frontier above rows that cannot be read', async () => {
      const open = await opener();
      const log = await open();
      const producers = ['a/0', 'b/0', 'c/0'];
      const faults: string[] = [];
      const seen: Promise<void>[] = [];
      const check = async (): Promise<void> => {
        const frontiers = producers.map((producer) => log.frontier(producer));
        const rows = await readAll(log, 'rows', 1);
        producers.forEach((producer, index) => {
          const own = rows.filter((row) => row.producer === producer).map(({ heardAt }) => heardAt);
          const wanted = Math.max(0, frontiers[index]!);
          if ((own.at(-1) ?? 0) < wanted)
            faults.push(`${producer}: frontier ${wanted}, rows to ${own.at(-1)}`);
        });
      };
      const stop = log.onAdvance(() => seen.push(check()));
      await Promise.all(
        producers.map(async (producer) => {
          for (let epoch = 1; epoch <= 6; epoch++) {
            const records = [rowOf(`${producer} ${epoch}`, epoch)];
            const writes = [0, 1].map((partition) => ({ topic: 'rows', partition, records }));
            await log.commit({ producer, epoch, frontier: epoch, writes });
          }
        }),
      );
      stop();
      await Promise.all(seen);
      expect(seen.length).toBeGreaterThan(0);
      expect(faults).toEqual([]);
    });
  });

  describe('log time', () => {
    it('is what recorded input says, strictly rising, never below a frontier, and closed when it is durable', async () => {
      const open = await opener();
      let log = await open();
      const at = (heardAt: number) => log.append('raw', { key: 'k', value: bytes('a') }, { heardAt });
      expect((await at(2_000)).heardAt).toBe(2_000);
      expect(log.closedUntil).toBe(2_000);
      const next = (await at(1_500)).heardAt;
      expect(next).toBeGreaterThan(2_000);
      await log.commit({ producer: 'task/0', epoch: 1, frontier: 9_000, writes: [] });
      const above = (await at(10)).heardAt;
      expect(above).toBeGreaterThan(9_000);
      await log.close();
      log = await open();
      expect(log.closedUntil).toBe(above);
      expect(log.frontier('external')).toBe(above);
      expect((await at(10)).heardAt).toBeGreaterThan(above);
    });

    it('of a producer may be told without a row, which a restart forgets', async () => {
      const open = await opener();
      let log = await open();
      await log.commit({ producer: 'task/0', epoch: 1, frontier: 10, writes: [] });
      let told = 0;
      log.onAdvance(() => (told += 1));
      log.publishFrontier('task/0', 20);
      log.publishFrontier('task/0', 15);
      expect([log.frontier('task/0'), told]).toEqual([20, 1]);
      await log.close();
      log = await open();
      expect(log.frontier('task/0')).toBe(10);
    });
  });

  describe('history', () => {
    it('is dropped where nobody needs it, and offsets go on', async () => {
      const open = await opener();
      let log = await open();
      for (let round = 0; round < 6; round++)
        await Promise.all(Array.from({ length: 10 }, (_, n) => append(log, `record ${round * 10 + n}`)));
      const all = await readAll(log, 'raw');
      const held = all[40]!.offset;
      log.hold('reader', new Map([['raw/0', held]]));
      await log.retain(0);
      expect(log.begin('raw', 0)).toBeGreaterThan(0);
      expect(log.begin('raw', 0)).toBeLessThanOrEqual(held);
      expect(await readAll(log, 'raw', 0, held)).toEqual(all.slice(40));
      const end = log.end('raw', 0);
      await log.close();
      log = await open();
      expect(log.end('raw', 0)).toBe(end);
      expect(await readAll(log, 'raw', 0, held)).toEqual(all.slice(40));
      expect((await append(log, 'later')).offset).toBeGreaterThanOrEqual(end);
    });

    it('of states keeps what is held, and the last one of everybody', async () => {
      const open = await opener();
      let log = await open();
      const ends = [];
      for (let epoch = 1; epoch <= 4; epoch++) ends.push((await commit(log, epoch)).stateEnd);
      await log.commit({ producer: 'other/0', epoch: 1, frontier: 1, writes: [], state: bytes('only') });
      log.hold('task/0', new Map([[`${stateTopic('task/0')}/0`, ends[1]!]]));
      await log.retain(0);
      await commit(log, 5);
      await log.close();
      log = await open();
      const kept = await readAll(log, stateTopic('task/0'), 0, ends[1]);
      expect(kept.map(text)).toEqual(['state 3', 'state 4', 'state 5']);
      expect(Buffer.from((await log.lastStates('other/')).get('other/0')!).toString()).toBe('only');
    });
  });

  describe('what cannot be', () => {
    it.each<readonly [code: string, what: (log: LineLog) => Promise<unknown>]>([
      ['FW303', async (log) => log.append('nothing', { key: 'k', value: bytes('x') })],
      ['FW702', (log) => log.append('raw', { key: 'k'.repeat(70_000), value: bytes('x') })],
      [
        'FW702',
        (log) => log.append('raw', { key: 'k', value: bytes('x'), headers: { note: 'ä'.repeat(40_000) } }),
      ],
    ])('is refused with %s, and the log goes on', async (code, what) => {
      const open = await opener();
      const log = await open();
      await expect(what(log)).rejects.toThrow(new RegExp(`^${code} `));
      expect((await append(log, 'x')).offset).toBe(0);
    });

    it('is refused with FW304 when it is closed', async () => {
      const open = await opener();
      const log = await open();
      await log.close();
      await expect(append(log, 'x')).rejects.toThrow(/^FW304 /);
      await expect(commit(log, 1)).rejects.toThrow(/^FW304 /);
      await log.close();
    });

    it('waits in line only so far, and says so to the sender', async () => {
      const open = await opener();
      const log = await open({ queueBytes: 100 });
      const answers = Array.from({ length: 5 }, () =>
        append(log, 'x'.repeat(80)).then(
          () => 'taken',
          (error: Error) => error.message.slice(0, 5),
        ),
      );
      expect(await Promise.all(answers)).toEqual(['taken', 'taken', 'FW310', 'FW310', 'FW310']);
      expect((await append(log, 'later')).duplicate).toBe(false);
    });
  });
};
