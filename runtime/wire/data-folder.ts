import { closeSync, existsSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ForewarnError } from '../forewarn-error.ts';
import type { SavepointsOfLog } from '../log/log.ts';
import { makeFolderNow, writeMarker } from './durable-marker.ts';

const FORMAT = 1;

/** What a data folder was made with and cannot change. */
const marker = z.object({
  format: z.number(),
  partitions: z.int(),
  time: z.enum(['live', 'recorded', 'simulated']),
  /** Where the log is that its state belongs to. */
  log: z.string().default('embedded'),
  /** How often it was rewound: a rewind makes a folder of the next generation. */
  generation: z.int().default(0),
  /** Id of the savepoint that it was made from. */
  madeFrom: z.string().nullable().default(null),
});
export type DataFolderMarker = z.infer<typeof marker>;
export type DataFolderFacts = Pick<DataFolderMarker, 'partitions' | 'time'> &
  Partial<Pick<DataFolderMarker, 'log'>>;

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
  makeFolderNow(path);
  const lock = join(path, 'forewarn.lock');
  take(lock, path);
  try {
    if (facts !== undefined) checkMarker(join(path, MARKER), path, facts);
  } catch (error) {
    unlinkSync(lock);
    throw error;
  }
  return { path, in: (...parts) => join(path, ...parts), release: () => unlinkSync(lock) };
};

/** What a data folder says of itself; undefined where none is. Nothing is made and nothing is taken. */
export const readMarker = (folder: string): DataFolderMarker | undefined => {
  const file = join(resolve(folder), MARKER);
  return existsSync(file) ? parse(readFileSync(file, 'utf8'), file) : undefined;
};

/** The marker of a folder that is made by other means than a first start. */
export const markerText = (
  facts: Omit<DataFolderMarker, 'format' | 'log'> & Partial<Pick<DataFolderMarker, 'log'>>,
): string => `${JSON.stringify({ format: FORMAT, ...facts })}\n`;

/** FW105 when a folder cannot be used by a run with these facts; one that is not there yet can. */
export const checkDataFolder = (folder: string, facts: DataFolderFacts): void => {
  const made = readMarker(folder);
  if (made !== undefined) compare(made, resolve(folder), facts);
};

/**
 * What a folder says of itself, once its log is open. One that was made by this start is of the log's generation; FW325 where one of
 * before is of another: state and tables in it are of rows that the log leaves out.
 */
export const markerWith = (folder: string, { isNew, place, savepoints }: LogOfFolder): DataFolderMarker => {
  const made = readMarker(folder)!;
  if (savepoints === undefined || savepoints.generation === made.generation) return made;
  const { generation, takenBackTo } = savepoints;
  const path = resolve(folder);
  if (!isNew) {
    const why = takenBackTo === undefined ? '' : `: they were taken back to savepoint "${takenBackTo.name}"`;
    throw new ForewarnError(
      'FW325',
      `data folder ${path} is of generation ${made.generation}, and ${place} of ${generation}${why}; give --data a folder that is not there`,
    );
  }
  writeMarker(join(path, MARKER), markerText({ ...made, generation }));
  return { ...made, generation };
};

export interface LogOfFolder {
  /** The folder was not there before. */
  readonly isNew: boolean;
  /** Where the log is. */
  readonly place: string;
  readonly savepoints: Pick<SavepointsOfLog, 'generation' | 'takenBackTo'> | undefined;
}

export const MARKER = 'forewarn.json';

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
    writeMarker(file, `${JSON.stringify({ format: FORMAT, ...facts })}\n`);
    return;
  }
  compare(parse(text, file), path, facts);
};

/** Throws FW105 for what was never a marker, such as the empty file that a crash left of an earlier version's. */
const parse = (text: string, file: string): DataFolderMarker => {
  try {
    return marker.parse(JSON.parse(text));
  } catch (cause) {
    const mend = 'restore it from a copy, or write what the folder was made with';
    throw new ForewarnError('FW105', `${file} does not say what the data folder was made with; ${mend}`, {
      cause,
    });
  }
};

const compare = (made: DataFolderMarker, path: string, facts: DataFolderFacts): void => {
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
  const { log = 'embedded' } = facts;
  if (made.log !== log) {
    throw new ForewarnError(
      'FW105',
      `data folder ${path} belongs to a log that is elsewhere (${made.log}) than this run's (${log}); set log.kafka back or give another --data`,
    );
  }
  if (made.time !== facts.time) {
    throw new ForewarnError(
      'FW105',
      `data folder ${path} holds ${made.time} time, and this run has ${facts.time}; give another --data`,
    );
  }
};
