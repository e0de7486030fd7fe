import { describe, expect, it } from 'vitest';
import { Checkpoints } from '../../runtime/checkpoints.ts';
import type { Epoch } from '../../runtime/epochs.ts';
import type { StateDelta } from '../../runtime/state/keyed-state.ts';
import { FolderSnapshots } from '../../runtime/state/snapshots/folder-snapshots.ts';
import { type AllStates, type Base } from '../../runtime/state/task-snapshot.ts';
import { loadS3 } from '../../runtime/state/snapshots/load-s3.ts';
import { S3Objects } from '../../runtime/state/snapshots/s3-objects.ts';
import { S3Snapshots } from '../../runtime/state/snapshots/s3-snapshots.ts';
import { newLog } from '../support/law-run.ts';
import { startS3Server } from '../support/s3-server.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The n-th epoch: it sets key `n`; when it brings a base, all keys up to `n`. */
const epoch = (n: number, withBase: boolean): Epoch => ({
  epoch: n,
  frontier: n,
  begunAt: 0,
  states: { s: { set: [[`${n}`, n]], deleted: [] } },
  all: withBase
    ? {
        s: Array.from({ length: n }, (_, index) => ({
          set: [[`${index + 1}`, index + 1] as const],
          deleted: [],
        })),
      }
    : undefined,
  positions: { 'left/0': { resume: n, done: {} } },
  eventTime: { watermark: n, inputs: {} },
});

const loaded = async (checkpoints: Checkpoints) => {
  const keys: string[] = [];
  let last: unknown;
  await checkpoints.load({
    snapshot: (snapshot) => {
      last = snapshot;
    },
    state: (name, part) => {
      expect(name).toBe('s');
      for (const [key] of (part as StateDelta).set) keys.push(String(key));
    },
  });
  return { keys, last };
};

/** A folder of base files in which a save takes until it is let go. */
class SlowStore extends FolderSnapshots {
  readonly waiting: (() => void)[] = [];

  override async save(task: string, base: Base, states: AllStates): Promise<number> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return super.save(task, base, states);
  }
}

describe('checkpoints', () => {
  it('load the base and what came after it, and need nothing older', async () => {
    const log = newLog();
    const options = { task: 't/0', log, snapshots: new FolderSnapshots(await tempFolder()) };
    const first = new Checkpoints(options);
    for (const [n, withBase] of [
      [1, false],
      [2, false],
      [3, true],
      [4, false],
    ] as const)
      await first.commit(epoch(n, withBase), []);
    const second = new Checkpoints(options);
    const { keys, last } = await loaded(second);
    expect(keys).toEqual(['1', '2', '3', '4']);
    expect(last).toMatchObject({ epoch: 4, eventTime: { watermark: 4 } });
    for (const one of [first, second])
      expect([...one.holds]).toEqual([
        ['left/0', 4],
        ['~state/t/0/0', 3],
      ]);
  });

  it('want a base when the changes outgrow the bound and twice the last base', async () => {
    const snapshots = new FolderSnapshots(await tempFolder());
    const bounded = new Checkpoints({ task: 't/0', log: newLog(), snapshots, compactAtBytes: 1 });
    expect(bounded.wantsBase(false)).toBe(false);
    const bytes = await bounded.commit(epoch(1, false), []);
    expect(bounded.wantsBase(false)).toBe(true);
    await bounded.commit(epoch(2, true), []);
    expect(bounded.wantsBase(false)).toBe(false);
    const roomy = new Checkpoints({ task: 'u/0', log: newLog(), snapshots, compactAtBytes: 10 * bytes });
    for (let n = 1; n < 9; n++) await roomy.commit(epoch(n, false), []);
    expect(roomy.wantsBase(false)).toBe(false);
  });

  it('let a base wait while there is much to do, until there is twice as much to say', async () => {
    const snapshots = new FolderSnapshots(await tempFolder());
    const first = new Checkpoints({ task: 't/0', log: newLog(), snapshots });
    const bytes = await first.commit(epoch(1, false), []);
    const options = { task: 'u/0', log: newLog(), snapshots, compactAtBytes: 1.5 * bytes };
    const checkpoints = new Checkpoints(options);
    for (const n of [1, 2]) await checkpoints.commit(epoch(n, false), []);
    expect([false, true].map((isBusy) => checkpoints.wantsBase(isBusy))).toEqual([true, false]);
    for (const n of [3, 4]) await checkpoints.commit(epoch(n, false), []);
    expect(checkpoints.wantsBase(true)).toBe(true);
  });

  it('never write two bases of one task at once: they would overwrite each other', async () => {
    const snapshots = new SlowStore(await tempFolder());
    const checkpoints = new Checkpoints({ task: 't/0', log: newLog(), snapshots, compactAtBytes: 1 });
    await checkpoints.commit(epoch(1, false), []);
    expect(checkpoints.wantsBase(false)).toBe(true);
    const saving = checkpoints.commit(epoch(2, true), []);
    await checkpoints.commit(epoch(3, false), []);
    expect(checkpoints.wantsBase(false)).toBe(false);
    expect(checkpoints.underWay).toBe(1);
    snapshots.waiting[0]!();
    await saving;
    expect(checkpoints.underWay).toBe(0);
  });

  it('move to another process by log and object store, and the one before cannot put a base in the way', async () => {
    const server = await startS3Server('bases');
    const sdk = await loadS3();
    const client = new sdk.S3Client({
      region: 'us-east-1',
      endpoint: server.url,
      forcePathStyle: true,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const log = newLog();
    /** With a disk of its own, on which nothing is. */
    const process = async () =>
      new Checkpoints({
        task: 't/0',
        log,
        snapshots: new S3Snapshots({
          objects: new S3Objects(sdk, client, 'bases'),
          prefix: 'line',
          seed: new FolderSnapshots(await tempFolder()),
        }),
      });
    const asleep = await process();
    await loaded(asleep);
    await asleep.commit(epoch(1, false), []);
    await asleep.commit(epoch(2, true), []);
    await asleep.commit(epoch(3, false), []);
    const next = await process();
    expect((await loaded(next)).keys).toEqual(['1', '2', '3']);
    expect(next.holds.get('~state/t/0/0')).toBe(2);
    // This log lets both write; the base alone tells them apart.
    await next.commit(epoch(4, true), []);
    await expect(asleep.commit(epoch(5, true), [])).rejects.toThrow(/^FW417 state of "t\/0" at line/);
    expect((await loaded(await process())).keys.slice(0, 4)).toEqual(['1', '2', '3', '4']);
    client.destroy();
    await server.close();
  });
});
