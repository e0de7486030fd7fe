import { join } from 'node:path';
import { type Disk, nodeDisk } from '../disk.ts';
import { makeFolder, replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { writeFailed } from '../log/write-failed.ts';
import type { AllStates, Base } from './task-snapshot.ts';
import { decodeBase, encodeBase } from './base-file.ts';

/** Folder of base files, one a task, written aside, fsynced, renamed, and the folder fsynced. */
export class SnapshotStore {
  readonly #folder: string;
  readonly #disk: Disk;
  #made: Promise<void> | undefined;

  constructor(folder: string, disk: Disk = nodeDisk) {
    this.#folder = folder;
    this.#disk = disk;
  }

  /** The base with all of its state and its size in bytes; undefined when there is none yet. */
  async load(
    task: string,
  ): Promise<{ readonly base: Base; readonly states: AllStates; readonly bytes: number } | undefined> {
    await this.#folderMade();
    const bytes = await this.#read(this.#path(task));
    if (bytes === undefined) return undefined;
    const decoded = decodeBase(bytes);
    if (decoded === undefined)
      throw new ForewarnError('FW301', `state file ${this.#path(task)} is damaged; restore it from a copy`);
    return { ...decoded, bytes: bytes.length };
  }

  /**
   * Answers its size in bytes, once it is durable. The state is turned into bytes part by part, so that no other work
   * waits for long. Two saves of one task must not overlap.
   */
  async save(task: string, base: Base, states: AllStates): Promise<number> {
    const buffers = await encodeBase(base, states);
    try {
      await this.#folderMade();
      await replaceFile(this.#path(task), buffers, this.#disk);
    } catch (error) {
      throw writeFailed(`state of "${task}" could not be written`, error);
    }
    return buffers.reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * Whoever reads a base lets the log drop what is in it. One that a killed process has renamed and not synced is
   * therefore made durable before it is read.
   */
  #folderMade(): Promise<void> {
    this.#made ??= makeFolder(this.#folder, this.#disk)
      .then(() => this.#disk.syncFolder(this.#folder))
      .catch((error: unknown) => {
        this.#made = undefined;
        throw writeFailed(`state folder ${this.#folder} could not be made`, error);
      });
    return this.#made;
  }

  async #read(path: string): Promise<Buffer | undefined> {
    try {
      const file = await this.#disk.open(path, 'r');
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #path(task: string): string {
    return join(this.#folder, `${task.replaceAll('/', '.')}.base`);
  }
}
