import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Disk, type DiskFile, nodeDisk } from '../../runtime/disk.ts';
import { SimulatedDisk, type SimulatedDiskOptions } from '../support/simulated-disk.ts';
import type { Chance } from '../support/simulated-file.ts';
import { seededRandom } from '../../models/training/seeded-random.ts';
import { tempFolder } from '../support/temp-folder.ts';

const chanceOf = (seed: number): Chance => {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
};
const seeds = Array.from({ length: 400 }, (_, seed) => seed);

const write = (file: DiskFile, text: string, position: number) =>
  file.write(Buffer.from(text), 0, text.length, position);

const inFolder = async (options: SimulatedDiskOptions = {}): Promise<SimulatedDisk> => {
  const disk = new SimulatedDisk();
  await disk.mkdir('/d');
  await disk.syncFolder('/');
  disk.configure(options);
  return disk;
};

/** A file as text, with `.` for a zero; `-` when there is none. */
const textOf = async (disk: Disk, path: string): Promise<string> => {
  try {
    const file = await disk.open(path, 'r');
    const text = (await file.readFile()).toString().replaceAll('\0', '.');
    await file.close();
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '-';
  }
};

/** Everything that a disk in this state is found with after a loss of power, over many chances. */
const outcomes = async (
  prepare: (disk: SimulatedDisk) => Promise<void>,
  look: (disk: SimulatedDisk) => Promise<string>,
): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for (const seed of seeds) {
    const disk = await inFolder();
    await prepare(disk);
    disk.losePower(chanceOf(seed));
    found.add(await look(disk));
  }
  return found;
};

const name = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    name,
    at: fc.nat(6),
    text: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('x', 'y', 'z') }),
  }),
  fc.record({ kind: fc.constant('truncate' as const), name, at: fc.nat(6) }),
  fc.record({ kind: fc.constantFrom('make' as const, 'make new' as const), name }),
  fc.record({ kind: fc.constant('rename' as const), name, to: name }),
  fc.record({ kind: fc.constantFrom('unlink' as const, 'sync' as const), name }),
  fc.record({ kind: fc.constant('sync folder' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Answers what the step was answered: nothing, or the code of its error. */
const take = async (disk: Disk, folder: string, one: Step): Promise<string> => {
  const path = 'name' in one ? join(folder, one.name) : folder;
  const within = async (flags: 'r+' | 'w' | 'wx+', work: (file: DiskFile) => Promise<unknown>) => {
    const file = await disk.open(path, flags);
    await work(file);
    await file.close();
  };
  try {
    if (one.kind === 'write') await within('r+', (file) => write(file, one.text, one.at));
    else if (one.kind === 'truncate') await within('r+', (file) => file.truncate(one.at));
    else if (one.kind === 'make') await within('w', async () => undefined);
    else if (one.kind === 'make new') await within('wx+', async () => undefined);
    else if (one.kind === 'rename') await disk.rename(path, join(folder, one.to));
    else if (one.kind === 'unlink') await disk.unlink(path);
    else if (one.kind === 'sync') await within('r+', (file) => file.datasync());
    else await disk.syncFolder(folder);
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
};

const contentOf = async (disk: Disk, folder: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      [...(await disk.readdir(folder))]
        .sort()
        .map(async (file) => [file, await textOf(disk, join(folder, file))]),
    ),
  );

describe('the simulated disk', () => {
  it('answers as the real one does', async () => {
    const root = await tempFolder();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const folder = join(root, String((runs += 1)));
        await mkdir(folder);
        const disk = await inFolder();
        for (const one of steps)
          expect(await take(disk, '/d', one), JSON.stringify(one)).toBe(await take(nodeDisk, folder, one));
        expect(await contentOf(disk, '/d')).toEqual(await contentOf(nodeDisk, folder));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps what was synced, file and name, whatever is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(), async (steps, seed) => {
        const disk = await inFolder();
        for (const one of steps) await take(disk, '/d', one);
        for (const file of ['a', 'b', 'c'] as const) await take(disk, '/d', { kind: 'sync', name: file });
        await take(disk, '/d', { kind: 'sync folder' });
        const before = await contentOf(disk, '/d');
        disk.losePower(chanceOf(seed));
        expect(await contentOf(disk, '/d')).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });

  it('loses nothing when only the process dies, but closes its files', async () => {
    const disk = await inFolder();
    const file = await disk.open('/d/a', 'w');
    await write(file, 'abc', 0);
    disk.loseProcess();
    expect(await textOf(disk, '/d/a')).toBe('abc');
    await expect(write(file, 'd', 3)).rejects.toThrow(/^EBADF/);
    disk.losePower(() => 0);
    expect(await textOf(disk, '/d/a')).toBe('-');
  });

  it('tears the last write at every byte, drops earlier ones, and keeps later ones without them', async () => {
    const found = await outcomes(
      async (disk) => {
        const file = await disk.open('/d/a', 'w');
        await write(file, '0', 0);
        await file.datasync();
        await disk.syncFolder('/d');
        await write(file, 'ab', 1);
        await write(file, 'cdef', 3);
      },
      (disk) => textOf(disk, '/d/a'),
    );
    for (const text of ['0', '0a', '0ab', '0abc', '0abcd', '0abcde', '0abcdef', '0..cdef', '0.b'])
      expect(found, text).toContain(text);
    for (const text of found) expect(text).toMatch(/^0([a.]([b.]([c.]([d.]([e.]f?)?)?)?)?)?$/);
  });

  it('loses a name that was made without a sync of its folder, and the folder with all that is in it', async () => {
    const found = await outcomes(
      async (disk) => {
        await disk.mkdir('/d/e');
        const file = await disk.open('/d/e/a', 'w');
        await write(file, 'abc', 0);
        await file.sync();
        await disk.syncFolder('/d/e');
      },
      (disk) => textOf(disk, '/d/e/a'),
    );
    expect(found).toEqual(new Set(['-', 'abc']));
  });

  it('has after a rename the one or the other, and what was not synced before it may be torn', async () => {
    const prepare = (isSynced: boolean) => async (disk: SimulatedDisk) => {
      const old = await disk.open('/d/a', 'w');
      await write(old, 'old', 0);
      await old.sync();
      const file = await disk.open('/d/b', 'w');
      await disk.syncFolder('/d');
      await write(file, 'new', 0);
      if (isSynced) await file.sync();
      await disk.rename('/d/b', '/d/a');
    };
    const look = async (disk: SimulatedDisk) => `${await textOf(disk, '/d/a')} ${await textOf(disk, '/d/b')}`;
    expect(await outcomes(prepare(true), look)).toEqual(new Set(['old new', 'new -']));
    expect(await outcomes(prepare(false), look)).toContain('n -');
  });

  it('may lose the removal of one file and keep that of another', async () => {
    const found = await outcomes(
      async (disk) => {
        for (const path of ['/d/a', '/d/b']) await disk.open(path, 'w');
        await disk.syncFolder('/d');
        await disk.unlink('/d/a');
        await disk.unlink('/d/b');
      },
      async (disk) => [...(await disk.readdir('/d'))].sort().join(''),
    );
    expect(found).toEqual(new Set(['', 'a', 'b', 'ab']));
  });

  it('is full after so many bytes, takes what fits, and has room again when something goes', async () => {
    const disk = await inFolder({ capacityBytes: 8 });
    const file = await disk.open('/d/a', 'w');
    expect(await write(file, 'abcde', 0)).toEqual({ bytesWritten: 5 });
    const other = await disk.open('/d/b', 'w');
    expect(await write(other, 'fghij', 0)).toEqual({ bytesWritten: 3 });
    await expect(write(other, 'ij', 3)).rejects.toThrow(/^ENOSPC/);
    expect(await write(file, 'xyz', 0)).toEqual({ bytesWritten: 3 });
    await disk.unlink('/d/a');
    expect(await write(other, 'ij', 3)).toEqual({ bytesWritten: 2 });
  });

  it('never makes durable what a failed sync should have written, though it can be read', async () => {
    let isBroken = true;
    const disk = await inFolder({
      fault: ({ kind }) => (isBroken && kind === 'datasync' ? 'EIO' : undefined),
    });
    const file = await disk.open('/d/a', 'w');
    await disk.syncFolder('/d');
    await write(file, 'abc', 0);
    await expect(file.datasync()).rejects.toThrow(/^EIO/);
    isBroken = false;
    await file.datasync();
    expect(await textOf(disk, '/d/a')).toBe('abc');
    disk.losePower(() => 1);
    expect(await textOf(disk, '/d/a')).toBe('');
  });
});
