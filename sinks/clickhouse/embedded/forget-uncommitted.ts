import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../runtime/durable-file.ts';

/** Inserts that may have been under way when it ended lie at the end of the newest file; many times as many are looked at. */
const NEWEST = 256;

interface Part {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

/** `all_12_14_1`: partition, first and last block, and how often it was merged. */
const partOf = (name: string): Part | null => {
  const found = /^(.+)_(\d+)_(\d+)_\d+(?:_\d+)?$/.exec(name);
  return found === null ? null : { partition: found[1]!, first: Number(found[2]), last: Number(found[3]) };
};

/**
 * Forgets tokens of inserts that never came to be. A MergeTree writes an insert's token down before it puts the part in
 * its place (`MergeTreeSink::finishDelayedChunk`, ClickHouse 22 to 25): killed between the two, it would take the same insert
 * for a repetition ever after, answer that all is well, and the rows would be lost. To be called while nobody has the folder
 * open; resolves with how many it forgot.
 */
export const forgetUncommitted = async (folder: string): Promise<number> => {
  let forgotten = 0;
  for (const group of await foldersIn(join(folder, 'store')))
    for (const table of await foldersIn(group)) forgotten += await forgetIn(table);
  return forgotten;
};

const forgetIn = async (table: string): Promise<number> => {
  const logs = join(table, 'deduplication_logs');
  const newest = (await namesIn(logs))
    .flatMap((name) => /^deduplication_log_(\d+)\.txt$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .at(-1);
  if (newest === undefined) return 0;
  const file = join(logs, `deduplication_log_${newest}.txt`);
  const lines = (await readFile(file, 'utf8')).split('\n');
  const parts = (await namesIn(table)).flatMap((name) => partOf(name) ?? []);
  const isThere = ({ partition, first, last }: Part): boolean =>
    parts.some((part) => part.partition === partition && part.first <= first && last <= part.last);
  const from = lines.length - 1 - NEWEST;
  const kept = lines.filter((line, index) => {
    const [operation, name = ''] = line.split('\t');
    const part = operation === '1' && index >= from ? partOf(name) : null;
    return part === null || isThere(part);
  });
  if (kept.length < lines.length) await replaceFile(file, kept.join('\n'));
  return lines.length - kept.length;
};

/** None of a folder that is not there. */
const entriesIn = (folder: string): Promise<readonly Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await entriesIn(folder)).map(({ name }) => name);

const foldersIn = async (folder: string): Promise<readonly string[]> =>
  (await entriesIn(folder)).flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : []));
