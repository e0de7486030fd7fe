import { join } from 'node:path';
import { type Disk, nodeDisk } from '../../disk.ts';
import { copyDurable, makeFolder, replaceFile } from '../../durable-file.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { writeFailed } from '../../log/write-failed.ts';
import { decodeBase, encodeBase } from '../base-file.ts';
import type { SavedState, SnapshotStore } from '../snapshot-store.ts';
import type { AllStates, Base } from '../task-snapshot.ts';

/** As a folder calls the base of a task. */
export const baseFileOf = (task: string): string => `${task.replaceAll('/', '.')}.base`;

/**
 * Folder of base files, one a task, written aside, fsynced, renamed, and the folder fsynced. It is one process's: the lock
 * of its data folder keeps others away.
 */
export class FolderSnapshots implements SnapshotStore {
  readonly #folder: string;
  readonly #disk: Disk;
  #made: Promise<void> | undefined;

  constructor(folder: string, disk: Disk = nodeDisk) {
    this.#folder = folder;
    this.#disk = disk;
  }

  async load(task: string): Promise<SavedState | undefined> {
    await this.#folderMade();
    const bytes = await this.#read(this.#path(task));
    if (bytes === undefined) return undefined;
    const decoded = decodeBase(bytes);
    if (decoded === undefined)
      throw new ForewarnError('FW301', `state file ${this.#path(task)} is damaged; restore it from a copy`);
    return { ...decoded, bytes: bytes.length };
  }

  /** As it is at the call: nobody else has the folder. */
  peek(task: string): Promise<SavedState | undefined> {
    return this.load(task);
  }

  claim(): Promise<void> {
    return this.#folderMade();
  }

  /** The state is turned into bytes part by part, so that no other work waits for long. */
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

  /** As it is when it is copied: the task may replace its own at any time. */
  copyTo(task: string, folder: string): Promise<boolean> {
    return copyDurable(this.#path(task), join(folder, baseFileOf(task)));
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
    return join(this.#folder, baseFileOf(task));
  }
}
