import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A folder whose name is on the disk when this returns, with the names of those above it that were missing. */
export const makeFolderNow = (path: string): void => {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) {
    // It was there. Whoever made it may have died before this, or it is in a folder that is not ours to open.
    try {
      syncFolderNow(dirname(path));
    } catch (error) {
      if (!['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    return;
  }
  for (let made = path; ; made = dirname(made)) {
    syncFolderNow(dirname(made));
    if (made === first || dirname(made) === made) return;
  }
};

/** A small file, whole or not at all, that is on the disk when this returns. */
export const writeMarker = (path: string, text: string): void => {
  writeFileSync(`${path}.tmp`, text, { flush: true });
  renameSync(`${path}.tmp`, path);
  syncFolderNow(dirname(path));
};

const syncFolderNow = (path: string): void => {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};
