import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Content that is on the disk when this resolves. */
export const writeDurable = async (
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> => {
  const file = await open(path, 'w');
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
    else await file.writev(content);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Puts a file or folder under its name, whole or not at all; on the disk when this resolves. */
export const putInPlace = async (temporary: string, path: string): Promise<void> => {
  await rename(temporary, path);
  await syncFolder(dirname(path));
};

/** After a crash the file holds either what it held or the new content, whole. */
export const replaceFile = async (
  path: string,
  content: string | Uint8Array | readonly Uint8Array[],
): Promise<void> => {
  await writeDurable(`${path}.tmp`, content);
  await putInPlace(`${path}.tmp`, path);
};

export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
