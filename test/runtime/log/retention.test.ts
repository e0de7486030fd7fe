import { describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import type { LogRecord } from '../../../runtime/log/log.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = ({ value }: LogRecord): string => new TextDecoder().decode(value);

const open = (folder: string, segmentBytes: number) =>
  EmbeddedLog.open({ folder, topics: { raw: 1, rows: 1 }, time: 'recorded', segmentBytes });

const appendMany = async (log: EmbeddedLog, count: number): Promise<void> => {
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      log.append('raw', { key: 'k', value: bytes(`raw ${index}`) }),
    ),
  );
};

describe('retention', () => {
  it('keeps the last state of every producer, and offsets go on where they were', async () => {
    const folder = await tempFolder();
    const log = await open(folder, 400);
    const commit = (epoch: number) =>
      log.commit({ producer: 'task/0', epoch, frontier: epoch, writes: [], state: bytes(`state ${epoch}`) });
    await commit(1);
    await commit(2);
    for (let round = 0; round < 10; round++) await appendMany(log, 5);
    await log.retain(0);
    expect(log.begin('raw', 0)).toBe(0);
    expect(
      [...(await log.lastStates('task/'))].map(([name, state]) => [name, new TextDecoder().decode(state)]),
    ).toEqual([['task/0', 'state 2']]);
    await commit(3);
    await log.retain(0);
    expect(log.begin('raw', 0)).toBeGreaterThan(0);
    await log.close();
    const again = await open(folder, 400);
    expect(again.end('~state/task/0', 0)).toBe(3);
    expect(again.end('raw', 0)).toBe(50);
    expect((await again.read('~state/task/0', 0, 0)).map(text)).toEqual(['state 3']);
    await again.close();
  });

  it('is held back by nobody who committed rows and no state', async () => {
    const log = await open(await tempFolder(), 400);
    const records = [{ key: '', heardAt: 1, value: bytes('row') }];
    const writes = [{ topic: 'rows', partition: 0, records }];
    await log.commit({ producer: 'task/0', epoch: 1, frontier: 1, writes });
    await log.read('~state/task/0', 0, 0);
    for (let round = 0; round < 10; round++) await appendMany(log, 5);
    await log.retain(0);
    expect(log.begin('raw', 0)).toBeGreaterThan(0);
    await log.close();
  });

  it('moves nothing under a reader that waits for the disk', async () => {
    const log = await open(await tempFolder(), 30_000);
    for (let round = 0; round < 30; round++) await appendMany(log, 100);
    const reading = log.read('raw', 0, 2_900);
    log.hold('reader', new Map([['raw/0', 2_900]]));
    await log.retain(0);
    expect(log.begin('raw', 0)).toBeGreaterThan(2_000);
    const records = await reading;
    expect(records.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 100 }, (_, index) => 2_900 + index),
    );
    expect(records.map(text)).toEqual(Array.from({ length: 100 }, (_, index) => `raw ${index}`));
    await log.close();
  });
});

it('a key that no frame can hold is refused, and the log goes on', async () => {
  const log = await open(await tempFolder(), 1 << 20);
  await expect(log.append('raw', { key: 'k'.repeat(70_000), value: bytes('x') })).rejects.toThrow(/^FW702 /);
  const headers = { note: 'ä'.repeat(40_000) };
  await expect(log.append('raw', { key: 'k', value: bytes('x'), headers })).rejects.toThrow(/^FW702 /);
  expect((await log.append('raw', { key: 'k', value: bytes('x') })).offset).toBe(0);
  await log.close();
});
