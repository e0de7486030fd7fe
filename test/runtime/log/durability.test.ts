import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../runtime/disk.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { EmbeddedLog } from '../../../runtime/log/embedded-log.ts';
import { diskWithDataFolder } from '../../support/crash-life.ts';
import { allKinds, Died, pointedDisk, ProtocolPoints } from '../../support/protocol-points.ts';
import type { SimulatedDisk } from '../../support/simulated-disk.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const openLog = (disk: Disk, segmentBytes = 1 << 20): Promise<EmbeddedLog> =>
  EmbeddedLog.open({
    folder: '/data/log',
    topics: { raw: 1, quiet: 1 },
    time: 'recorded',
    disk,
    segmentBytes,
  });

const append = (log: EmbeddedLog, text: string) =>
  log.append('raw', { key: 'k', value: bytes(text) }, { documentId: text });

const textsIn = async (log: EmbeddedLog): Promise<readonly string[]> =>
  (await log.read('raw', 0, 0)).map(({ value }) => Buffer.from(value).toString());

/** The worst that a machine can do: nothing is kept that was not synced. */
const keepNothing = (): number => 0;

/** The disk as it is when the process dies at the last point with this name that its life would have. */
const diedAt = async (name: RegExp, life: (disk: Disk) => Promise<unknown>): Promise<SimulatedDisk> => {
  const points = new ProtocolPoints({ at: Infinity, kinds: allKinds });
  await life(pointedDisk(await diskWithDataFolder(), points));
  const at = points.names.findLastIndex((point) => name.test(point));
  const disk = await diskWithDataFolder();
  const dying = new ProtocolPoints({ at, kinds: allKinds });
  await expect(life(pointedDisk(disk, dying))).rejects.toThrow();
  expect(dying.died).toBeInstanceOf(Died);
  disk.loseProcess();
  return disk;
};

describe('the log on a disk that forgets', () => {
  it('keeps what it acknowledged in a folder that it has just made', async () => {
    const disk = await diskWithDataFolder();
    await append(await openLog(disk), 'a');
    disk.losePower(keepNothing);
    expect(await textsIn(await openLog(disk))).toEqual(['a']);
  });

  // Each seen red with the sync in `Journal.open` left out that it is about.
  it.each([
    ['of its last write', /^before sync .*\.log$/, 'b'],
    ['of a new segment', /^before sync folder .*log$/, 'a'],
  ])('makes durable what a process left that died before the sync %s', async (_, point, known) => {
    const disk = await diedAt(point, async (dying) => {
      const log = await openLog(dying);
      await append(log, 'a');
      await append(log, 'b');
    });
    const log = await openLog(disk);
    // What the sender hears is a promise: known, or taken now.
    const { duplicate } = await append(log, known);
    expect(duplicate).toBe(known === 'b');
    disk.losePower(keepNothing);
    expect(await textsIn(await openLog(disk))).toContain(known);
  });

  // Seen red with an opening frame that is only written by whoever makes the segment.
  it('knows where offsets stand when it died between a new segment and its first frame', async () => {
    const disk = await diedAt(/^after sync folder .*log$/, async (dying) => {
      const log = await openLog(dying, 300);
      await log.append('quiet', { key: 'k', value: bytes('long ago') });
      for (let n = 0; n < 8; n++) await append(log, `document ${n}`);
    });
    let log = await openLog(disk, 300);
    for (let n = 0; n < 2; n++) await append(log, `later ${n}`);
    await log.retain(0);
    expect(log.begin('quiet', 0)).toBe(1);
    await log.close();
    log = await openLog(disk, 300);
    expect(log.end('quiet', 0)).toBe(1);
    expect((await log.append('quiet', { key: 'k', value: bytes('again') })).offset).toBe(1);
  });

  // Seen red with a torn end that is not cut off.
  it('does not bring back what lay behind the place where a write was torn', async () => {
    const disk = await diskWithDataFolder();
    let log = await openLog(disk);
    await append(log, 'a');
    const sizeWithA = disk.usedBytes;
    await Promise.all([append(log, 'b'), append(log, 'c')]);
    disk.loseProcess();
    // Of one write of two frames of one length, the disk has the second one only.
    const file = await disk.open('/data/log/0000000000000000.log', 'r+');
    const length = (disk.usedBytes - sizeWithA) / 2;
    await file.write(new Uint8Array(length), 0, length, sizeWithA);
    log = await openLog(disk);
    await append(log, 'd');
    disk.loseProcess();
    expect(await textsIn(await openLog(disk))).toEqual(['a', 'd']);
  });

  it('refuses to open where a segment between two others is missing', async () => {
    const disk = await diskWithDataFolder();
    const log = await openLog(disk, 200);
    for (let n = 0; n < 12; n++) await append(log, `document ${n}`);
    await log.close();
    const [, second] = [...(await disk.readdir('/data/log'))].sort();
    await disk.unlink(`/data/log/${second}`);
    await expect(openLog(disk, 200)).rejects.toThrow(/^FW301 .* bytes \[\d+; \d+\) are missing/);
  });
});

describe('the log on a disk that refuses', () => {
  const outcomeOf = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      await work;
      return 'taken';
    } catch (error) {
      return error instanceof ForewarnError ? [error.code, error.retry, error.message] : error;
    }
  };

  it('takes nothing any more once it is full, says so each time, and forgets what it refused', async () => {
    const disk = await diskWithDataFolder();
    const log = await openLog(disk);
    await append(log, 'a');
    disk.configure({ capacityBytes: disk.usedBytes + 20 });
    const full =
      "FW302 log could not be written: ENOSPC: simulated, '/data/log/0000000000000000.log'; make room on its disk and start again";
    expect(await Promise.all([outcomeOf(append(log, 'b')), outcomeOf(append(log, 'c'))])).toEqual([
      ['FW302', true, full],
      ['FW302', true, full],
    ]);
    disk.configure({});
    // There is room again, and still nobody knows what the disk has of the last write.
    expect(await outcomeOf(append(log, 'b'))).toEqual(['FW302', true, full]);
    expect(await textsIn(log)).toEqual(['a']);
    await log.close();
    disk.loseProcess();
    const again = await openLog(disk);
    expect(await textsIn(again)).toEqual(['a']);
    expect((await append(again, 'b')).duplicate).toBe(false);
    disk.losePower(keepNothing);
    expect(await textsIn(await openLog(disk))).toEqual(['a', 'b']);
  });

  it('does not show after a restart what a sync refused, though the system still has it in memory', async () => {
    const disk = await diskWithDataFolder();
    const log = await openLog(disk);
    await append(log, 'a');
    let isBroken = true;
    disk.configure({ fault: ({ kind }) => (kind === 'datasync' && isBroken ? 'EIO' : undefined) });
    const refused = append(log, 'b');
    const [code] = (await outcomeOf(refused)) as [string];
    expect(code).toBe('FW302');
    isBroken = false;
    disk.loseProcess();
    expect(await textsIn(await openLog(disk))).toEqual(['a']);
  });
});
