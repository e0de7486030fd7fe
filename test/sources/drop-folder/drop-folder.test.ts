import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { createDropFolder, type DropFolderOptions } from '../../../sources/drop-folder/drop-folder.ts';
import { MemoryLog } from '../../support/memory-log.ts';

let folder: string;
let log: MemoryLog;
let problems: unknown[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drop-'));
  log = new MemoryLog({ topics: { raw: 2 } });
  problems = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (options: Partial<DropFolderOptions> = {}) =>
  createDropFolder({
    folder,
    log,
    contentTypeOfFile: (name, first) => {
      if (first[0] === 0x7b) return 'application/json';
      return name.endsWith('.edi') ? 'application/edi-x12' : undefined;
    },
    onProblem: (error) => problems.push(error),
    ...options,
  });

const drop = async (name: string, content: string) => {
  const path = join(folder, 'incoming', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
};

/** Files below a part of the folder. */
const filesIn = async (part: string): Promise<string[]> => {
  const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, part).length + 1))
    .toSorted();
};

const none = { taken: 0, duplicates: 0, refused: 0, skipped: 0 };

describe('drop folder', () => {
  it('takes a file that stands still, as it is, under its folder’s name', async () => {
    const source = create();
    await drop('saia-214/2026/a.edi', 'ISA*00');
    expect(await source.poll()).toEqual(none);
    expect(await source.poll()).toEqual({ ...none, taken: 1 });
    const [record] = log.all('raw');
    expect(Buffer.from(record!.value).toString()).toBe('ISA*00');
    expect(record).toMatchObject({
      key: 'saia-214',
      headers: { contentType: 'application/edi-x12', source: 'saia-214', via: 'drop-folder' },
    });
    expect(record!.headers['documentId']).toMatch(/^file:saia-214\/2026\/a\.edi:6:[0-9a-f]{16}$/);
    expect(await filesIn('incoming')).toEqual([]);
    expect(await filesIn('done')).toEqual(['saia-214/2026/a.edi']);
  });

  it('gives a file without a folder the configured source', async () => {
    const source = create({ source: 'nws' });
    await drop('a.json', '{}');
    await source.poll();
    await source.poll();
    expect(log.all('raw')).toMatchObject([{ key: 'nws' }]);
  });

  it('waits for a file that grows', async () => {
    const source = create();
    const path = await drop('a/x.json', '{');
    await source.poll();
    await appendFile(path, '"n":1');
    expect(await source.poll()).toEqual(none);
    await appendFile(path, '}');
    expect(await source.poll()).toEqual(none);
    expect(await source.poll()).toEqual({ ...none, taken: 1 });
    expect(Buffer.from(log.all('raw')[0]!.value).toString()).toBe('{"n":1}');
  });

  it.each(['.a.json', 'a.json.tmp', 'a.json.part', 'a.json.PART'])(
    'leaves %s alone, and takes it at once when it is renamed',
    async (unfinished) => {
      const source = create();
      const path = await drop(`a/${unfinished}`, '{}');
      await source.poll();
      expect(await source.poll()).toEqual(none);
      await rename(path, join(folder, 'incoming/a/whole.json'));
      expect(await source.poll()).toEqual({ ...none, taken: 1 });
    },
  );

  it('refuses what is too large, of unknown type, empty, or from a badly named source, and says why', async () => {
    const source = create({ maxBytes: 10 });
    await drop('a/large.json', '{"n":123456}');
    await drop('a/what.bin', 'x');
    await drop('a/empty.json', '');
    await drop('Bad Name/a.json', '{}');
    await source.poll();
    expect(await source.poll()).toEqual({ ...none, refused: 4 });
    expect(log.all('raw')).toEqual([]);
    const refused = await filesIn('refused');
    expect(refused.filter((name) => !name.endsWith('.reason'))).toEqual([
      'Bad Name/a.json',
      'a/empty.json',
      'a/large.json',
      'a/what.bin',
    ]);
    const reasons = await Promise.all(
      refused
        .filter((name) => name.endsWith('.reason'))
        .map((name) => readFile(join(folder, 'refused', name), 'utf8')),
    );
    expect(reasons).toEqual([
      'FW701 folder "Bad Name" cannot name a source; use 1 to 64 of a-z, 0-9 and "-"\n',
      'FW405 file "a/empty.json" is empty\n',
      'FW702 file "a/large.json" has 12 bytes, more than 10; split it\n',
      'FW405 type of file "a/what.bin" cannot be told from its name or its content\n',
    ]);
    expect(problems).toHaveLength(4);
  });

  it('recognises a file after a crash between log and move', async () => {
    const source = create();
    const path = await drop('a/x.json', '{"n":1}');
    await link(path, join(folder, 'kept'));
    await source.poll();
    await source.poll();
    // As if the move had never happened.
    await rename(join(folder, 'done/a/x.json'), path);
    const restarted = create();
    await restarted.poll();
    expect(await restarted.poll()).toEqual({ ...none, duplicates: 1 });
    expect(log.all('raw')).toHaveLength(1);
    expect(await filesIn('incoming')).toEqual([]);
  });

  it('takes a file of a known name with other content, and keeps both', async () => {
    const source = create();
    for (const content of ['{"n":1}', '{"n":2}', '{"n":2}']) {
      await drop('a/x.json', content);
      await source.poll();
      await source.poll();
    }
    expect(log.all('raw')).toHaveLength(2);
    const done = await filesIn('done');
    expect(done).toHaveLength(2);
    const contents = await Promise.all(done.map((name) => readFile(join(folder, 'done', name), 'utf8')));
    expect(contents.toSorted()).toEqual(['{"n":1}', '{"n":2}']);
  });

  it('leaves everything where it is while the line is full', async () => {
    const source = create();
    await drop('a/1.json', '{"n":1}');
    await drop('a/2.json', '{"n":2}');
    await source.poll();
    log.failAppends = () => new ForewarnError('FW310', 'full');
    expect(await source.poll()).toEqual({ ...none, skipped: 1 });
    expect(await filesIn('incoming')).toEqual(['a/1.json', 'a/2.json']);
    expect(problems).toEqual([expect.objectContaining({ code: 'FW310' })]);
    log.failAppends = undefined;
    expect(await source.poll()).toEqual({ ...none, taken: 2 });
  });

  it('does not follow links, and is not held up by a file that cannot be moved', async () => {
    const source = create();
    const outside = join(folder, 'outside.json');
    await writeFile(outside, '{"secret":1}');
    await drop('a/2.json', '{"n":2}');
    await symlink(outside, join(folder, 'incoming/a/link.json'));
    // `done/b` is a file, so nothing can be moved below it.
    await drop('b/1.json', '{"n":1}');
    await mkdir(join(folder, 'done'), { recursive: true });
    await writeFile(join(folder, 'done/b'), '');
    await drop('c/3.json', '{"n":3}');
    await source.poll();
    expect(await source.poll()).toEqual({ ...none, taken: 2, skipped: 1 });
    expect(problems).toHaveLength(1);
    await unlink(join(folder, 'done/b'));
    expect(await source.poll()).toEqual({ ...none, duplicates: 1 });
    expect(log.all('raw')).toHaveLength(3);
  });

  it('polls by its schedule, never two rounds at once, and ends the running one when it stops', async () => {
    let tick: (() => void) | undefined;
    const source = create({
      schedule: (poll) => {
        tick = poll;
        return () => (tick = undefined);
      },
    });
    await drop('a/1.json', '{}');
    source.start();
    expect(source.poll()).toBe(source.poll());
    await source.poll();
    tick?.();
    await source.stop();
    expect(tick).toBeUndefined();
    expect(problems).toEqual([]);
  });
});
