import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { POSITIONS, SourcePositions } from '../../../sources/kafka/source-positions.ts';

const at = (...next: readonly number[]) => ({
  seen: 3,
  partitions: Object.fromEntries(
    next.map((offset, partition) => [partition, { id: 'a', incarnation: 1, next: offset }]),
  ),
});

it('are the last ones that were written, whatever of older history is dropped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'positions-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const open = () =>
    EmbeddedLog.open({ folder, topics: { raw: 1, [POSITIONS]: 1 }, time: 'recorded', segmentBytes: 4_096 });
  const filler = { key: 'k', value: Buffer.alloc(1_000) };
  let log = await open();
  const positions = await SourcePositions.open(log);
  expect(positions.of('orders')).toBeUndefined();
  expect(await positions.write()).toBe(false);
  for (let n = 1; n <= 3; n++) {
    positions.set('orders', at(n, 0));
    expect(await positions.write()).toBe(true);
    for (let i = 0; i < 10; i++) await log.append('raw', filler);
  }
  await log.retain(1);
  expect(log.begin(POSITIONS, 0)).toBe(2);
  positions.set('orders', at(9, 9));
  await log.close();
  log = await open();
  onTestFinished(() => log.close());
  expect((await SourcePositions.open(log)).of('orders')).toEqual(at(3, 0));
});

it('go to another process with the partitions that it takes, and stay where they are meanwhile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'positions-'));
  const log = await EmbeddedLog.open({
    folder,
    topics: { [POSITIONS]: 1 },
    time: 'recorded',
    segmentBytes: 4_096,
  });
  onTestFinished(async () => {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  });
  const only = (partition: number, next: number) => ({
    seen: 3,
    partitions: { [partition]: { id: 'a', incarnation: 1, next } },
  });
  const one = await SourcePositions.open(log);
  const other = await SourcePositions.open(log);
  one.set('orders', at(3, 4));
  await one.write();
  // Partition 1 is given, and taken up: what is not written is not known to the one that takes it.
  await one.takeUp();
  one.set('orders', only(0, 5));
  await one.write();
  await other.takeUp();
  expect(other.of('orders')).toEqual(at(5, 4));
  other.set('orders', only(1, 7));
  await other.write();
  one.set('orders', only(0, 6));
  expect(one.of('orders')).toEqual(at(6, 4));
  await one.takeUp();
  expect(one.of('orders')).toEqual(at(5, 7));
});
