import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder, replaceFile } from '../../runtime/durable-file.ts';

const memory = z.object({
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  /** Of the body that was taken last. */
  digest: z.string().nullable(),
  /** Documents taken so far. */
  taken: z.int().min(0),
});

/** What a poller knows of its document from the last time. */
export type PollMemory = z.infer<typeof memory>;

export const noMemory: PollMemory = { etag: null, lastModified: null, digest: null, taken: 0 };

/** What a damaged or missing file is worth: nothing, so that the document is asked for whole. */
export const readPollMemory = async (path: string): Promise<PollMemory> => {
  try {
    return memory.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return noMemory;
  }
};

export const writePollMemory = async (path: string, known: PollMemory): Promise<void> => {
  await makeFolder(dirname(path));
  await replaceFile(path, JSON.stringify(known));
};
