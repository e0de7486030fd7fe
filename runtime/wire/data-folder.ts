import { mkdirSync, openSync, closeSync, readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ForewarnError } from '../forewarn-error.ts';

const FORMAT = 1;

/** What a data folder was made with and cannot change. */
const marker = z.object({
  format: z.number(),
  partitions: z.int(),
  time: z.enum(['live', 'recorded', 'simulated']),
});
export type DataFolderFacts = Omit<z.infer<typeof marker>, 'format'>;

export interface DataFolder {
  readonly path: string;
  readonly in: (...parts: readonly string[]) => string;
  release(): void;
}

/**
 * Takes a data folder for this process, making it where it is missing. FW104 when another process has it, FW105 when
 * it was made by another format, or with other partitions or another kind of time. Without `facts` it is only read.
 */
export const openDataFolder = (folder: string, facts?: DataFolderFacts): DataFolder => {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true });
  const lock = join(path, 'forewarn.lock');
  take(lock, path);
  try {
    if (facts !== undefined) checkMarker(join(path, 'forewarn.json'), path, facts);
  } catch (error) {
    unlinkSync(lock);
    throw error;
  }
  return { path, in: (...parts) => join(path, ...parts), release: () => unlinkSync(lock) };
};

const take = (lock: string, path: string, again = true): void => {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!again || (pid !== process.pid && isAlive(pid))) {
      throw new ForewarnError(
        'FW104',
        `data folder ${path}: process ${pid} has it; stop that one or give another --data`,
      );
    }
    // Its owner was killed.
    unlinkSync(lock);
    take(lock, path, false);
  }
};

const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const checkMarker = (file: string, path: string, facts: DataFolderFacts): void => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    writeFileSync(file, `${JSON.stringify({ format: FORMAT, ...facts })}\n`);
    return;
  }
  const made = marker.parse(JSON.parse(text));
  if (made.format !== FORMAT) {
    throw new ForewarnError(
      'FW105',
      `data folder ${path} has format ${made.format}, this version reads ${FORMAT}; use the version that made it`,
    );
  }
  if (made.partitions !== facts.partitions) {
    throw new ForewarnError(
      'FW105',
      `data folder ${path} was made with log.partitions ${made.partitions}, not ${facts.partitions}; set it back or give another --data`,
    );
  }
  if (made.time !== facts.time) {
    throw new ForewarnError(
      'FW105',
      `data folder ${path} holds ${made.time} time, and this run has ${facts.time}; give another --data`,
    );
  }
};
