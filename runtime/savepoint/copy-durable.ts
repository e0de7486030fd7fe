import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDurable, syncFolder } from '../durable-file.ts';

/** The files of a folder that has no folders in it. */
export const copyFilesDurable = async (from: string, to: string): Promise<void> => {
  for (const name of await readdir(from)) await copyDurable(join(from, name), join(to, name));
  await syncFolder(to);
};
