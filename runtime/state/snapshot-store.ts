import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { deserialize, serialize } from 'node:v8';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { InputPosition } from '../merge.ts';
import type { StateDelta } from './keyed-state.ts';

/** How far event time had come. */
export interface EventTime {
  readonly watermark: number;
  /** Highest event time, and log time of the last row, by `topic/partition`. */
  readonly inputs: Readonly<Record<string, { readonly highest: number; readonly heardAt: number }>>;
}

/** State of a task after an epoch: changes since the one before (in the log), or all of it (a base file). */
export interface TaskSnapshot {
  readonly format: 1;
  readonly epoch: number;
  readonly positions: Readonly<Record<string, InputPosition>>;
  readonly eventTime: EventTime;
  /** By step and part, as in `step/part`. */
  readonly states: Readonly<Record<string, StateDelta>>;
}

export interface Base extends TaskSnapshot {
  /** First record of the task's state topic that is not in it. */
  readonly stateOffset: number;
}

export const encodeSnapshot = (snapshot: TaskSnapshot): Uint8Array => serialize(snapshot);

export const decodeSnapshot = (bytes: Uint8Array): TaskSnapshot => {
  const snapshot = deserialize(bytes) as TaskSnapshot;
  if (snapshot.format !== 1) {
    throw new ForewarnError(
      'FW105',
      `checkpoint has format ${String(snapshot.format)}, this version reads 1; start the version that wrote it`,
    );
  }
  return snapshot;
};

/** Folder of base files, one a task: `crc32 | body`, written aside, fsynced, renamed, and the folder fsynced. */
export class SnapshotStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The base with its size in bytes; undefined when there is none yet. */
  async load(task: string): Promise<{ readonly base: Base; readonly bytes: number } | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#path(task));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    if (bytes.length < 4 || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) {
      throw new ForewarnError('FW301', `state file ${this.#path(task)} is damaged; restore it from a copy`);
    }
    return { base: decodeSnapshot(bytes.subarray(4)) as Base, bytes: bytes.length - 4 };
  }

  /** Answers its size in bytes, once it is durable. Two saves of one task must not overlap. */
  async save(task: string, base: Base): Promise<number> {
    await mkdir(this.#folder, { recursive: true });
    const body = serialize(base);
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32LE(crc32(body), 0);
    await replaceFile(this.#path(task), [head, body]);
    return body.length;
  }

  #path(task: string): string {
    return join(this.#folder, `${task.replaceAll('/', '.')}.base`);
  }
}
