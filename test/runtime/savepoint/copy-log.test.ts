import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { copyLog } from '../../../runtime/savepoint/copy-log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const topics = { outside: 2, made: 1 };
const open = (folder: string, segmentBytes = 64 << 20): Promise<EmbeddedLog> =>
  EmbeddedLog.open({ folder, topics, time: 'recorded', segmentBytes });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const state = (epoch: number): Uint8Array => bytes(`state ${epoch}`);

/** Ten records from outside, each followed by what a task made of it. */
const fill = async (log: EmbeddedLog, from: number, to: number): Promise<void> => {
  for (let index = from; index < to; index++) {
    const record = { key: `k${index}`, value: bytes(`in ${index} ${'x'.repeat(500)}`) };
    const { heardAt } = await log.append('outside', record, {
      heardAt: 1_000 * (index + 1),
      documentId: `d${index}`,
    });
    const made = { heardAt, key: 'k', value: bytes(`out ${index}`) };
    await log.commit({
      producer: 'task/0',
      epoch: index + 1,
      frontier: heardAt,
      writes: [{ topic: 'made', partition: 0, records: [made] }],
      state: state(index + 1),
    });
    await log.commit({
      producer: 'mirror/made/0',
      epoch: index + 1,
      frontier: 0,
      writes: [],
      state: state(0),
    });
  }
};
const textsOf = async (log: EmbeddedLog, topic: string, partition: number): Promise<readonly string[]> => {
  const begin = log.begin(topic, partition);
  const texts: string[] = [];
  for (let offset = begin; offset < log.end(topic, partition);) {
    const records = await log.read(topic, partition, offset);
    for (const record of records)
      texts.push(
        `${record.offset} ${record.heardAt} ${Buffer.from(record.value).toString().trim().slice(0, 6)}`,
      );
    offset = records.at(-1)!.offset + 1;
  }
  return texts;
};
const copy = (from: string, to: string, cut: ReadonlyMap<string, number>, segmentBytes = 64 << 20) =>
  copyLog({ from, to, cut, leavesOut: (name) => name.startsWith('mirror/'), last: () => [], segmentBytes });

describe('a copied log', () => {
  it('has all up to the cut, and behind it what came from outside, at the same places and times', async () => {
    const folder = await tempFolder();
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    const log = await open(from);
    await fill(log, 0, 5);
    const cut = log.ends();
    const before = [await textsOf(log, 'made', 0), await textsOf(log, '~state/task/0', 0)];
    await fill(log, 5, 10);
    const outside = [await textsOf(log, 'outside', 0), await textsOf(log, 'outside', 1)];
    const { closedUntil } = log;
    await log.close();
    expect(await copy(from, to, cut)).toEqual({ left: 15 });

    const copied = await open(to);
    expect([await textsOf(copied, 'made', 0), await textsOf(copied, '~state/task/0', 0)]).toEqual(before);
    expect([await textsOf(copied, 'outside', 0), await textsOf(copied, 'outside', 1)]).toEqual(outside);
    expect(copied.epoch('task/0')).toBe(5);
    expect(copied.epoch('mirror/made/0')).toBe(0);
    expect(copied.end('~state/mirror/made/0', 0)).toBe(0);
    expect(copied.closedUntil).toBe(closedUntil);
    // It is a log like any other: senders' ids are known, the task goes on where it stood.
    expect(
      await copied.append('outside', { key: 'k7', value: bytes('again') }, { documentId: 'd7' }),
    ).toMatchObject({
      duplicate: true,
    });
    await copied.commit({
      producer: 'task/0',
      epoch: 6,
      frontier: closedUntil,
      writes: [
        { topic: 'made', partition: 0, records: [{ heardAt: closedUntil, key: 'k', value: bytes('anew') }] },
      ],
      state: state(6),
    });
    expect((await textsOf(copied, 'made', 0)).at(-1)).toMatch(/^5 .* anew$/);
    await copied.close();
  });

  it('keeps the places of a log that has lost its beginning, and can lose its own', async () => {
    const folder = await tempFolder();
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    const log = await open(from, 2_000);
    await fill(log, 0, 10);
    await log.retain(0);
    const begins = [log.begin('outside', 0), log.begin('outside', 1), log.begin('made', 0)];
    expect(Math.max(...begins)).toBeGreaterThan(0);
    await fill(log, 10, 15);
    const cut = log.ends();
    await fill(log, 15, 25);
    const outside = [await textsOf(log, 'outside', 0), await textsOf(log, 'outside', 1)];
    const made = (await textsOf(log, 'made', 0)).filter((line) => Number(line.split(' ')[0]) < 15);
    await log.close();
    await copy(from, to, cut, 3_000);

    expect((await readdir(to)).length).toBeGreaterThan(2);
    const copied = await open(to, 3_000);
    expect([copied.begin('outside', 0), copied.begin('outside', 1), copied.begin('made', 0)]).toEqual(begins);
    expect([await textsOf(copied, 'outside', 0), await textsOf(copied, 'outside', 1)]).toEqual(outside);
    expect(await textsOf(copied, 'made', 0)).toEqual(made);
    expect(copied.end('made', 0)).toBe(15);
    expect(copied.end('~state/mirror/made/0', 0)).toBe(0);
    await copied.retain(0);
    expect(copied.end('made', 0)).toBe(15);
    expect(copied.end('outside', 0) + copied.end('outside', 1)).toBe(25);
    await copied.close();
    const again = await open(to, 3_000);
    expect(again.end('made', 0)).toBe(15);
    expect(again.end('outside', 0) + again.end('outside', 1)).toBe(25);
    await again.close();
  });

  it('leaves out a torn end, and refuses damage before it', async () => {
    const folder = await tempFolder();
    const from = join(folder, 'from');
    const log = await open(from, 2_000);
    await fill(log, 0, 10);
    const cut = log.ends();
    await log.close();
    const names = (await readdir(from)).sort();
    const last = join(from, names.at(-1)!);
    await truncate(last, (await readFile(last)).length - 3);
    await copy(from, join(folder, 'torn'), cut);
    const torn = await open(join(folder, 'torn'));
    expect(torn.end('outside', 0) + torn.end('outside', 1)).toBeGreaterThan(8);
    await torn.close();

    const first = await readFile(join(from, names[0]!));
    first[300]! ^= 0xff;
    await writeFile(join(from, names[0]!), first);
    await expect(copy(from, join(folder, 'damaged'), cut)).rejects.toThrow(
      /FW301 log segment .* is damaged at byte/,
    );
  });
});
