import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { POSITIONS, SourcePositions } from '../../../sources/kafka/source-positions.ts';

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
    positions.set('orders', { id: 'a', incarnation: 1, next: [n, 0] });
    expect(await positions.write()).toBe(true);
    for (let i = 0; i < 10; i++) await log.append('raw', filler);
  }
  await log.retain(1);
  expect(log.begin(POSITIONS, 0)).toBe(2);
  positions.set('orders', { id: 'a', incarnation: 1, next: [9, 9] });
  await log.close();
  log = await open();
  onTestFinished(() => log.close());
  expect((await SourcePositions.open(log)).of('orders')).toEqual({ id: 'a', incarnation: 1, next: [3, 0] });
});
