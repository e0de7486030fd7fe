import { copyFile, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Disk, type DiskFile, nodeDisk } from './disk.ts';

type Content = string | Uint8Array | readonly Uint8Array[];

/** So many bytes go to the disk in one call, where the content comes in small parts. */
const CHUNK_BYTES = 1 << 20;

/** Content that is on the disk when this resolves; its name may not be. */
export const writeDurable = async (path: string, content: Content, disk: Disk = nodeDisk): Promise<void> => {
  const file = await disk.open(path, 'w');
  try {
    let position = 0;
    for (const bytes of chunksOf(content)) {
      await writeAll(file, bytes, position);
      position += bytes.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Writes until the disk has taken every byte: near its end a disk takes some and says so, without an error. */
export const writeAll = async (file: DiskFile, bytes: Uint8Array, position: number): Promise<void> => {
  for (let written = 0; written < bytes.length;) {
    const result = await file.write(bytes, written, bytes.length - written, position + written);
    written += result.bytesWritten;
  }
};

/** The content in pieces of at least so many bytes, but for the last one, which may be empty. */
export const chunksOf = function* (content: Content, atLeast = CHUNK_BYTES): Iterable<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else if (content instanceof Uint8Array) yield content;
  else {
    let parts: Uint8Array[] = [];
    let bytes = 0;
    for (const part of content) {
      parts.push(part);
      bytes += part.length;
      if (bytes < atLeast) continue;
      yield Buffer.concat(parts);
      parts = [];
      bytes = 0;
    }
    yield Buffer.concat(parts);
  }
};

/** A copy that is on the disk when this resolves; false when there is nothing to copy. */
export const copyDurable = async (from: string, to: string): Promise<boolean> => {
  try {
    await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const file = await open(to, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
};

/** Puts a file or folder under its name, whole or not at all; on the disk when this resolves. */
export const putInPlace = async (temporary: string, path: string, disk: Disk = nodeDisk): Promise<void> => {
  await disk.rename(temporary, path);
  await disk.syncFolder(dirname(path));
};

/** After a crash the file holds either what it held or the new content, whole. */
export const replaceFile = async (path: string, content: Content, disk: Disk = nodeDisk): Promise<void> => {
  await writeDurable(`${path}.tmp`, content, disk);
  await putInPlace(`${path}.tmp`, path, disk);
};

export const syncFolder = (path: string, disk: Disk = nodeDisk): Promise<void> => disk.syncFolder(path);

/**
 * A folder that is on the disk when this resolves, with those above it that were missing: a file is as durable as the
 * names of all folders over it. `/data` is there, `/data/log/a` is wanted → `/data/log` is synced, then `/data`. Of a
 * folder that is there already the name is synced too: whoever made it may have died before that.
 */
export const makeFolder = async (path: string, disk: Disk = nodeDisk): Promise<void> => {
  const first = (await disk.mkdir(path)) ?? path;
  for (let made = path; ; made = dirname(made)) {
    await disk.syncFolder(dirname(made));
    if (made === first || dirname(made) === made) return;
  }
};
