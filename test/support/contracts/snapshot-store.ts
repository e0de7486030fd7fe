import { beforeEach, describe, expect, it } from 'vitest';
import type { SnapshotStore } from '../../../runtime/state/snapshot-store.ts';
import { FolderSnapshots } from '../../../runtime/state/snapshots/folder-snapshots.ts';
import type { AllStates, Base } from '../../../runtime/state/task-snapshot.ts';
import { tempFolder } from '../temp-folder.ts';

export const baseAt = (epoch: number): Base => ({
  format: 3,
  epoch,
  positions: { 'events/0': { resume: epoch, done: { external: epoch } } },
  eventTime: { watermark: epoch, inputs: {} },
  stateOffset: epoch,
});

/** Some parts of state, the sum of which is at least so many bytes. */
export const statesOf = (bytes: number): AllStates => ({
  ['total\u0000keys']: Array.from({ length: Math.ceil(bytes / (1 << 20)) }, (_, n) => ({
    set: [[`key-${n}`, String.fromCharCode(97 + (n % 26)).repeat(Math.min(bytes, 1 << 20))]],
    deleted: [],
  })),
});

export interface SnapshotStoreContract {
  readonly name: string;
  /** A place with nothing in it; each call of what it gives is another process there. */
  readonly make: () => Promise<() => SnapshotStore>;
  /** What the store does not do, with the reason. */
  readonly skips?: Partial<Record<'fence', string>>;
}

/** What holds wherever the bases of tasks lie: checkpoints and savepoints build on it. */
export const snapshotStoreContract = ({ name, make, skips = {} }: SnapshotStoreContract): void => {
  describe(`the contract of snapshot stores, kept by ${name}`, () => {
    let process: () => SnapshotStore;
    beforeEach(async () => {
      process = await make();
    });

    it('has nothing of a task that never saved', async () => {
      expect(await process().load('sum/0')).toBeUndefined();
    });

    it('gives another process what was saved, with its size', async () => {
      const first = process();
      await first.load('sum/0');
      const bytes = await first.save('sum/0', baseAt(3), statesOf(100));
      expect(await process().load('sum/0')).toEqual({ base: baseAt(3), states: statesOf(100), bytes });
    });

    it('shows whoever stands by what was saved, and takes nothing by that', async () => {
      const owner = process();
      await owner.load('sum/0');
      const heir = process();
      expect(await heir.peek('sum/0')).toBeUndefined();
      const bytes = await owner.save('sum/0', baseAt(1), statesOf(100));
      expect(await heir.peek('sum/0')).toEqual({ base: baseAt(1), states: statesOf(100), bytes });
      await owner.save('sum/0', baseAt(2), statesOf(200));
      expect(await heir.peek('sum/0')).toMatchObject({ base: baseAt(2) });
      await heir.claim('sum/0');
      await heir.save('sum/0', baseAt(3), statesOf(300));
      expect(await process().peek('sum/0')).toMatchObject({ base: baseAt(3), states: statesOf(300) });
    });

    it.skipIf(skips.fence !== undefined)('keeps away whoever had a task that was claimed', async () => {
      const [owner, heir] = [process(), process()];
      await owner.load('sum/0');
      await owner.save('sum/0', baseAt(1), statesOf(10));
      await heir.claim('sum/0');
      await expect(owner.save('sum/0', baseAt(2), statesOf(10))).rejects.toThrow(/^FW417 /);
      expect(await heir.peek('sum/0')).toMatchObject({ base: baseAt(1) });
    });

    it('saves a task that nobody loaded', async () => {
      await process().save('sum/0', baseAt(1), statesOf(10));
      expect((await process().load('sum/0'))?.base.epoch).toBe(1);
    });

    it('replaces the whole, again and again', async () => {
      const store = process();
      await store.load('sum/0');
      for (const epoch of [1, 2, 3]) await store.save('sum/0', baseAt(epoch), statesOf(100 * epoch));
      expect(await process().load('sum/0')).toMatchObject({ base: baseAt(3), states: statesOf(300) });
    });

    it('keeps tasks apart', async () => {
      const store = process();
      await Promise.all(
        ['sum/0', 'sum/1', 'sum/10'].map((task, n) => store.save(task, baseAt(n + 1), statesOf(10))),
      );
      const epochs = ['sum/0', 'sum/1', 'sum/10'].map(
        async (task) => (await process().load(task))?.base.epoch,
      );
      expect(await Promise.all(epochs)).toEqual([1, 2, 3]);
    });

    it('takes state of many megabytes', async () => {
      const states = statesOf(20 << 20);
      const bytes = await process().save('sum/0', baseAt(1), states);
      expect(bytes).toBeGreaterThan(20 << 20);
      const loaded = await process().load('sum/0');
      expect(loaded?.bytes).toBe(bytes);
      expect(loaded?.states).toEqual(states);
    });

    it('copies a base as a file for a savepoint, and the task goes on', async () => {
      const store = process();
      await store.load('sum/0');
      const folder = await tempFolder();
      expect(await process().copyTo('sum/0', folder)).toBe(false);
      await store.save('sum/0', baseAt(7), statesOf(100));
      expect(await process().copyTo('sum/0', folder)).toBe(true);
      await store.save('sum/0', baseAt(8), statesOf(100));
      expect(await new FolderSnapshots(folder).load('sum/0')).toMatchObject({
        base: baseAt(7),
        states: statesOf(100),
      });
    });

    it.skipIf(skips.fence !== undefined)(
      `lets nobody save who had the task before${skips.fence === undefined ? '' : ` (${skips.fence})`}`,
      async () => {
        const asleep = process();
        await asleep.load('sum/0');
        await asleep.save('sum/0', baseAt(1), statesOf(10));
        const next = process();
        expect((await next.load('sum/0'))?.base.epoch).toBe(1);
        // Before the next one has saved anything, and after.
        await expect(asleep.save('sum/0', baseAt(2), statesOf(10))).rejects.toThrow(
          /^FW417 state of "sum\/0"/,
        );
        await next.save('sum/0', baseAt(5), statesOf(10));
        const third = process();
        expect((await third.load('sum/0'))?.base.epoch).toBe(5);
        await expect(next.save('sum/0', baseAt(6), statesOf(10))).rejects.toThrow(/^FW417 /);
        await third.save('sum/0', baseAt(7), statesOf(10));
        expect((await process().load('sum/0'))?.base.epoch).toBe(7);
      },
    );
  });
};
