import type { ForewarnError } from '../forewarn-error.ts';
import { writeFailed } from './write-failed.ts';

interface Waiting<T> {
  readonly item: T;
  readonly bytes: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes in groups: whatever has come while the disk was busy goes with the next write, and so with one fsync. After a
 * write that failed nothing is taken any more, since nobody can say how much of it the disk has.
 */
export class GroupCommit<T> {
  readonly #write: (group: readonly T[]) => Promise<void>;
  readonly #waiting: Waiting<T>[] = [];
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #broken: ForewarnError | undefined;

  constructor(write: (group: readonly T[]) => Promise<void>) {
    this.#write = write;
  }

  /** Bytes that wait for the disk. */
  get bytes(): number {
    return this.#bytes;
  }

  get busy(): boolean {
    return this.#writing !== undefined;
  }

  /** What ended all writing. */
  get broken(): ForewarnError | undefined {
    return this.#broken;
  }

  /** Resolves when the item has been written. */
  add(item: T, bytes: number): Promise<void> {
    const written = new Promise<void>((done, failed) => {
      this.#waiting.push({ item, bytes, done, failed });
    });
    this.#bytes += bytes;
    this.#writing ??= this.#writeAll();
    return written;
  }

  /** Resolves when nothing waits any more. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        await this.#write(group.map(({ item }) => item));
        for (const { bytes } of group) this.#bytes -= bytes;
        for (const { done } of group) done();
      } catch (cause) {
        this.#broken = writeFailed('log could not be written', cause);
        this.#bytes = 0;
        for (const { failed } of [...group, ...this.#waiting.splice(0)]) failed(this.#broken);
      }
    }
    this.#writing = undefined;
  }
}
