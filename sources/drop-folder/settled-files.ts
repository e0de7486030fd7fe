import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface SettledFile {
  /** Path below the folder, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

interface Seen {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

const isUnfinished = (name: string): boolean => name.startsWith('.') || /\.(tmp|part)$/i.test(name);

/**
 * Finds the files that nobody writes to any more: size and time of change are the same as in the poll before, or the
 * file was there under an unfinished name (`.x`, `x.tmp`, `x.part`) and has been renamed since.
 * Polls of a file that grows: 10 B, 20 B, 20 B → settled at the third. Renamed from `x.part` → settled at once.
 */
export const settledFiles = (folder: string): (() => Promise<readonly SettledFile[]>) => {
  let seen = new Map<string, Seen>();
  let unfinished = new Set<number>();

  return async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const seenNow = new Map<string, Seen>();
    const unfinishedNow = new Set<number>();
    const settled: SettledFile[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const stat = await lstat(path).catch(() => undefined);
      if (stat === undefined) continue;
      const name = path.slice(folder.length + 1).replaceAll('\\', '/');
      if (name.split('/').some(isUnfinished)) {
        unfinishedNow.add(stat.ino);
        continue;
      }
      const now: Seen = { bytes: stat.size, mtimeMs: stat.mtimeMs, inode: stat.ino };
      const before = seen.get(name);
      seenNow.set(name, now);
      const isStill =
        before?.bytes === now.bytes && before.mtimeMs === now.mtimeMs && before.inode === now.inode;
      if (isStill || unfinished.has(stat.ino)) settled.push({ name, path, bytes: stat.size });
    }
    seen = seenNow;
    unfinished = unfinishedNow;
    return settled.sort((a, b) => (a.name < b.name ? -1 : 1));
  };
};
