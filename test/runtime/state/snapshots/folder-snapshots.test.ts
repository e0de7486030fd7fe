import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../runtime/disk.ts';
import { FolderSnapshots } from '../../../../runtime/state/snapshots/folder-snapshots.ts';
import { type Base } from '../../../../runtime/state/task-snapshot.ts';
import { diskWithDataFolder } from '../../../support/crash-life.ts';
import { allKinds, pointedDisk, ProtocolPoints } from '../../../support/protocol-points.ts';

const base = (epoch: number): Base => ({
  format: 3,
  epoch,
  positions: {},
  eventTime: { watermark: epoch, inputs: {} },
  stateOffset: epoch,
});
const states = { step: [['a', 1]] };
const storeOn = (disk: Disk) => new FolderSnapshots('/data/state', disk);
const epochIn = async (disk: Disk) => (await storeOn(disk).load('t/0'))?.base.epoch;

/** The worst that a machine can do: nothing is kept that was not synced. */
const keepNothing = (): number => 0;

describe('state files on a disk that forgets', () => {
  it('are there once they are saved, in a folder that was just made', async () => {
    const disk = await diskWithDataFolder();
    await storeOn(disk).save('t/0', base(1), states);
    disk.losePower(keepNothing);
    expect(await epochIn(disk)).toBe(1);
  });

  // Seen red with a load that does not sync the folder first.
  it('are durable once they are read: a killed process may have renamed one and synced nothing', async () => {
    const disk = await diskWithDataFolder();
    await storeOn(disk).save('t/0', base(1), states);
    const learning = new ProtocolPoints({ at: Infinity, kinds: allKinds });
    await storeOn(pointedDisk(disk, learning)).save('t/0', base(2), states);
    const at = learning.names.findIndex((name) => name.startsWith('after rename'));
    const dying = new ProtocolPoints({ at, kinds: allKinds });
    const store = storeOn(pointedDisk(disk, dying));
    await expect(store.save('t/0', base(3), states)).rejects.toThrow();
    disk.loseProcess();
    // Whoever reads this lets the log drop what the base holds.
    expect(await epochIn(disk)).toBe(3);
    disk.losePower(keepNothing);
    expect(await epochIn(disk)).toBe(3);
  });

  // Seen red with a write that takes a short count for all of it.
  it('are never replaced by a part of one, on a disk that is full after any byte', async () => {
    const measured = await diskWithDataFolder();
    await storeOn(measured).save('t/0', base(1), states);
    const bytes = measured.usedBytes;
    for (let room = 0; room < bytes; room++) {
      const disk = await diskWithDataFolder();
      await storeOn(disk).save('t/0', base(1), states);
      disk.configure({ capacityBytes: bytes + room });
      await expect(storeOn(disk).save('t/0', base(2), states)).rejects.toThrow(
        /^FW302 state of "t\/0" could not be written: ENOSPC.*; make room on its disk and start again$/,
      );
      disk.configure({});
      expect(await epochIn(disk)).toBe(1);
      expect(await storeOn(disk).save('t/0', base(2), states)).toBeGreaterThan(0);
      expect(await epochIn(disk)).toBe(2);
    }
  });
});
