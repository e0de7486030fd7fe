import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import type { LogRecord } from '../../../runtime/log/log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (record: LogRecord): string => new TextDecoder().decode(record.value);
const topics = { raw: 1, rows: 2 };
const openLog = (folder: string, segmentBytes?: number) =>
  EmbeddedLog.open({
    folder,
    topics,

    time: 'recorded',
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  });

describe('embedded log', () => {
  it('gives back what was appended, in order, after it was opened again', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((value) => log.append('raw', { key: 'k', value: bytes(value) })),
    );
    expect(answers.map((answer) => answer.offset)).toEqual([0, 1, 2]);
    await log.close();
    const again = await openLog(folder);
    const records = await again.read('raw', 0, 1);
    expect(records.map((record) => [record.offset, text(record), record.producer])).toEqual([
      [1, 'b', 'external'],
      [2, 'c', 'external'],
    ]);
    expect(records[1]!.heardAt).toBeGreaterThan(records[0]!.heardAt);
    await again.close();
  });

  it('recognises a document that is sent again, even after it was opened again', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    const first = await log.append(
      'raw',
      { key: 'k', value: bytes('a') },
      { documentId: 'd1', heardAt: 2_000 },
    );
    const second = await log.append(
      'raw',
      { key: 'k', value: bytes('a') },
      { documentId: 'd1', heardAt: 3_000 },
    );
    expect(second).toEqual({ ...first, duplicate: true });
    await log.append('raw', { key: 'k', value: bytes('a') });
    await log.close();
    const again = await openLog(folder);
    expect(again.end('raw', 0)).toBe(2);
    expect((await again.append('raw', { key: 'k', value: bytes('a') }, { documentId: 'd1' })).duplicate).toBe(
      true,
    );
    expect(again.end('raw', 0)).toBe(2);
    await again.close();
  });

  it('shows a commit whole or not at all when its frame is torn at any byte', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    await log.append('raw', { key: 'k', value: bytes('kept') });
    const [name] = await readdir(folder);
    const path = join(folder, name!);
    const before = (await readFile(path)).length;
    await log.commit({
      producer: 'task/0',
      epoch: 1,
      frontier: 5_000,
      writes: [0, 1].map((partition) => ({
        topic: 'rows',
        partition,
        records: [{ key: 'k', heardAt: 4_000, value: bytes(`row ${partition}`) }],
      })),
      state: bytes('state'),
    });
    const whole = await readFile(path);
    await log.close();
    for (let length = before; length <= whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      const torn = await openLog(folder);
      const complete = length === whole.length;
      expect(torn.end('rows', 0)).toBe(complete ? 1 : 0);
      expect(torn.end('rows', 1)).toBe(complete ? 1 : 0);
      expect(torn.end('~state/task/0', 0)).toBe(complete ? 1 : 0);
      expect(torn.frontier('task/0')).toBe(complete ? 5_000 : -Infinity);
      expect((await torn.read('raw', 0, 0)).map(text)).toEqual(['kept']);
      await torn.close();
      await truncate(path, before);
    }
  });

  it('ignores a commit that it has seen, and never stamps below a frontier', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder);
    const commit = (epoch: number) =>
      log.commit({
        producer: 'task/0',
        epoch,
        frontier: 9_000,
        writes: [{ topic: 'rows', partition: 0, records: [{ key: '', heardAt: 1, value: bytes('x') }] }],
      });
    await commit(1);
    await commit(1);
    expect(log.end('rows', 0)).toBe(1);
    const { heardAt } = await log.append('raw', { key: 'k', value: bytes('a') }, { heardAt: 10 });
    expect(heardAt).toBeGreaterThan(9_000);
    await log.close();
  });

  it('keeps offsets and what is held when old segments are dropped', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, 2_000);
    for (let index = 0; index < 200; index++)
      await log.append('raw', { key: 'k', value: bytes(`record ${index}`) });
    log.hold('reader', new Map([['raw/0', 150]]));
    await log.retain(0);
    expect((await readdir(folder)).length).toBeLessThan(10);
    expect((await log.read('raw', 0, 150, 1)).map(text)).toEqual(['record 150']);
    expect(log.begin('raw', 0)).toBeGreaterThan(100);
    await log.close();
    const again = await openLog(folder, 2_000);
    expect(again.end('raw', 0)).toBe(200);
    expect((await again.read('raw', 0, 199)).map(text)).toEqual(['record 199']);
    await again.close();
  });

  it('refuses to open over damage in the middle', async () => {
    const folder = await tempFolder();
    const log = await openLog(folder, 500);
    for (let index = 0; index < 50; index++)
      await log.append('raw', { key: 'k', value: bytes(`record ${index}`) });
    await log.close();
    const [first] = (await readdir(folder)).sort();
    const damaged = await readFile(join(folder, first!));
    damaged[100] = damaged[100]! ^ 0xff;
    await writeFile(join(folder, first!), damaged);
    await expect(openLog(folder)).rejects.toThrow(/FW301/);
  });

  it('refuses to take more than may wait for the disk', async () => {
    const log = await EmbeddedLog.open({
      folder: await tempFolder(),
      topics,
      time: 'recorded',
      queueBytes: 100,
    });
    const appends = Array.from({ length: 5 }, () =>
      log.append('raw', { key: 'k', value: new Uint8Array(80) }).then(
        () => 'taken',
        (error: Error) => error.message.slice(0, 5),
      ),
    );
    expect(await Promise.all(appends)).toEqual(['taken', 'taken', 'FW310', 'FW310', 'FW310']);
    await log.close();
  });
});
