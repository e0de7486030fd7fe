import { copyFile, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../durable-file.ts';

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

/** The files of a folder that has no folders in it. */
export const copyFilesDurable = async (from: string, to: string): Promise<void> => {
  for (const name of await readdir(from)) await copyDurable(join(from, name), join(to, name));
  await syncFolder(to);
};
