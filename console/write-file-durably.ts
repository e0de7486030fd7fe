import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** After a crash the file holds either the old text or the new, whole: tmp → fsync → rename → fsync folder. */
export const writeFileDurably = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
