import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Log } from '../../runtime/log/log.ts';
import { isSourceName } from '../http/source-name.ts';
import { fileAway } from './file-away.ts';
import { settledFiles, type SettledFile } from './settled-files.ts';

export interface DropFolderOptions {
  /** Holds `incoming/`, `done/` and `refused/`; they are made where they are missing. */
  readonly folder: string;
  readonly log: Log;
  /** Content type by name and content; undefined when it cannot be told. */
  readonly contentTypeOfFile: (name: string, bytes: Uint8Array) => string | undefined;
  /** Source of files that lie in `incoming/` itself; else the first sub-folder is the source. */
  readonly source?: string;
  readonly maxBytes?: number;
  /** Called for each file that was refused and each round that failed. */
  readonly onProblem?: (error: unknown) => void;
  /** Calls `poll` again and again until the answer is called. Every second by default. */
  readonly schedule?: (poll: () => void) => () => void;
}

export interface PollReport {
  readonly taken: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Left where they are until the next round. */
  readonly skipped: number;
}

export interface DropFolder {
  /** One round; rounds never overlap. */
  poll(): Promise<PollReport>;
  start(): void;
  /** Resolves when the round that runs is over. */
  stop(): Promise<void>;
}

const everySecond = (poll: () => void): (() => void) => {
  const timer = setInterval(poll, 1_000);
  timer.unref();
  return () => clearInterval(timer);
};

/**
 * Takes files from `incoming/<source>/…` into the topic `raw` as they are, then moves them to `done/`, or to
 * `refused/` with a `.reason` beside them. Guarantee: exactly once for a file of one name and content. A file is
 * moved only after it is durable; a crash between the two sends it again under the same id (name, size, digest),
 * which the log recognises.
 */
export const createDropFolder = (options: DropFolderOptions): DropFolder => {
  const folder = resolve(options.folder);
  const incoming = join(folder, 'incoming');
  const maxBytes = options.maxBytes ?? 8 << 20;
  const findSettled = settledFiles(incoming);
  let running: Promise<PollReport> | undefined;
  let stopSchedule: (() => void) | undefined;
  let stopping = false;

  const refuse = async (file: SettledFile, mark: string, error: ForewarnError): Promise<'refused'> => {
    await fileAway(file.path, join(folder, 'refused'), file.name, mark, error.message);
    options.onProblem?.(error);
    return 'refused';
  };

  const take = async (file: SettledFile): Promise<keyof PollReport> => {
    const { name } = file;
    if (file.bytes > maxBytes) {
      const tooLarge = `file "${name}" has ${file.bytes} bytes, more than ${maxBytes}; split it`;
      return refuse(file, String(file.bytes), new ForewarnError('FW702', tooLarge));
    }
    const bytes = await readFile(file.path);
    if (bytes.length !== file.bytes) return 'skipped';
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const source = name.includes('/') ? name.slice(0, name.indexOf('/')) : (options.source ?? 'drop-folder');
    if (!isSourceName(source)) {
      const badName = `folder "${source}" cannot name a source; use 1 to 64 of a-z, 0-9 and "-"`;
      return refuse(file, digest, new ForewarnError('FW701', badName));
    }
    const contentType = bytes.length === 0 ? undefined : options.contentTypeOfFile(name, bytes);
    if (contentType === undefined) {
      const unknown =
        bytes.length === 0
          ? `file "${name}" is empty`
          : `type of file "${name}" cannot be told from its name or its content`;
      return refuse(file, digest, new ForewarnError('FW405', unknown));
    }
    const documentId = `file:${name}:${bytes.length}:${digest}`;
    const { duplicate } = await options.log.append(
      'raw',
      { key: source, value: bytes, headers: { contentType, source, documentId, via: 'drop-folder' } },
      { documentId },
    );
    await fileAway(file.path, join(folder, 'done'), name, digest);
    return duplicate ? 'duplicates' : 'taken';
  };

  const round = async (): Promise<PollReport> => {
    const report = { taken: 0, duplicates: 0, refused: 0, skipped: 0 };
    await mkdir(incoming, { recursive: true });
    for (const file of await findSettled()) {
      if (stopping) break;
      try {
        report[await take(file)] += 1;
      } catch (error) {
        report.skipped += 1;
        options.onProblem?.(error);
        // The log takes nothing now; a file that cannot be read or moved need not hold the others up.
        if (error instanceof ForewarnError) break;
      }
    }
    return report;
  };

  const poll = (): Promise<PollReport> => {
    running ??= round().finally(() => {
      running = undefined;
    });
    return running;
  };
  const pollUnwatched = (): void => {
    poll().catch((error: unknown) => options.onProblem?.(error));
  };

  return {
    poll,
    start: () => {
      stopSchedule ??= (options.schedule ?? everySecond)(pollUnwatched);
    },
    stop: async () => {
      stopping = true;
      stopSchedule?.();
      stopSchedule = undefined;
      await running?.catch(() => undefined);
      stopping = false;
    },
  };
};
