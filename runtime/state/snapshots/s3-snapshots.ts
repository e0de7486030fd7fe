import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurable } from '../../durable-file.ts';
import { bufferOf } from '../../buffer-of.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { decodeBase, encodeBase } from '../base-file.ts';
import type { SavedState, SnapshotStore } from '../snapshot-store.ts';
import type { AllStates, Base } from '../task-snapshot.ts';
import { baseFileOf } from './folder-snapshots.ts';
import type { S3Objects, StoredObject } from './s3-objects.ts';

/** Whose a task is, and under which key its state lies: a small object, the only one that is ever replaced. */
const manifest = z.object({
  format: z.literal(1),
  owner: z.string(),
  data: z.string().nullable(),
});
type Manifest = z.infer<typeof manifest>;

interface Held {
  readonly version: string;
  readonly data: string | null;
}

export interface S3SnapshotsOptions {
  readonly objects: S3Objects;
  /** Of all keys, without a slash at its end. */
  readonly prefix: string;
  /** This run of this process; another run is another owner. */
  readonly owner?: string;
  /** What a task begins with that has nothing here: files of a savepoint, or of before there was an object store. */
  readonly seed: SnapshotStore;
}

const ATTEMPTS = 10;

/**
 * Bases in an object store, for processes that share no disk. State goes under a key of its own, in parts when it is large,
 * and is nothing until the task's manifest names it. The manifest is replaced only where it is as its owner left it
 * (`If-Match`), and whoever loads a task writes its own name there first: from then on the process that had it before,
 * perhaps only asleep, cannot replace anything. Guarantee: a base is of the owner that loaded last.
 */
export class S3Snapshots implements SnapshotStore {
  readonly #options: S3SnapshotsOptions;
  readonly #owner: string;
  readonly #held = new Map<string, Held>();

  constructor(options: S3SnapshotsOptions) {
    this.#options = options;
    this.#owner = options.owner ?? randomUUID();
  }

  async load(task: string): Promise<SavedState | undefined> {
    const { objects, seed } = this.#options;
    const { data } = await this.#take(task);
    if (data === null) return seed.load(task);
    return decodedFrom(data, await objects.get(data));
  }

  async peek(task: string): Promise<SavedState | undefined> {
    const { seed } = this.#options;
    const found = await this.#current(task, 'read');
    return found === undefined ? seed.peek(task) : decodedFrom(found.data, found.stored);
  }

  async claim(task: string): Promise<void> {
    await this.#take(task);
  }

  async save(task: string, base: Base, states: AllStates): Promise<number> {
    const { objects, prefix } = this.#options;
    const buffers = await encodeBase(base, states);
    const held = this.#held.get(task) ?? (await this.#take(task));
    const data = `${prefix}/${task}/${base.epoch}-${randomUUID()}.base`;
    await objects.upload(data, buffers);
    const version = await this.#replace(task, { format: 1, owner: this.#owner, data }, held.version);
    if (version === undefined) {
      this.#held.delete(task);
      await objects.delete(data);
      throw new ForewarnError(
        'FW417',
        `state of "${task}" at ${prefix}: another process has the task since this one loaded it; stop one of the two`,
      );
    }
    this.#held.set(task, { version, data });
    if (held.data !== null) await objects.delete(held.data);
    return buffers.reduce((sum, { length }) => sum + length, 0);
  }

  async copyTo(task: string, folder: string): Promise<boolean> {
    const { seed } = this.#options;
    const found = await this.#current(task, 'copied');
    if (found === undefined) return seed.copyTo(task, folder);
    await writeDurable(join(folder, baseFileOf(task)), found.stored.bytes);
    return true;
  }

  /** The base of a task that others may replace meanwhile; undefined when there is none. */
  async #current(
    task: string,
    done: 'read' | 'copied',
  ): Promise<{ readonly data: string; readonly stored: StoredObject } | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { data } = (await this.#read(task)) ?? { data: null };
      if (data === null) return undefined;
      const stored = await this.#options.objects.get(data);
      // Gone: the task has replaced it meanwhile.
      if (stored !== undefined) return { data, stored };
    }
    throw new ForewarnError(
      'FW418',
      `state of "${task}" was replaced ${ATTEMPTS} times while it was ${done}; try again`,
    );
  }

  /** Makes the task ours, whoever had it. */
  async #take(task: string): Promise<Held> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await this.#read(task);
      const data = before?.data ?? null;
      const version = await this.#replace(
        task,
        { format: 1, owner: this.#owner, data },
        before?.version ?? null,
      );
      if (version === undefined) continue;
      const held = { version, data };
      this.#held.set(task, held);
      return held;
    }
    throw new ForewarnError(
      'FW417',
      `state of "${task}" at ${this.#options.prefix}: others took it ${ATTEMPTS} times meanwhile; see that each task has one process`,
    );
  }

  /** Undefined when the manifest is not what was expected, and not what is written either. */
  async #replace(task: string, wanted: Manifest, expected: string | null): Promise<string | undefined> {
    const version = await this.#options.objects.putWhere(this.#keyOf(task), JSON.stringify(wanted), expected);
    if (version !== undefined) return version;
    // An attempt whose answer was lost was taken all the same.
    const found = await this.#read(task);
    return found?.owner === wanted.owner && found.data === wanted.data ? found.version : undefined;
  }

  async #read(task: string): Promise<(Manifest & { readonly version: string }) | undefined> {
    const key = this.#keyOf(task);
    const stored = await this.#options.objects.get(key);
    if (stored === undefined) return undefined;
    const read = manifest.safeParse(parsed(Buffer.from(stored.bytes).toString('utf8')));
    if (!read.success)
      throw new ForewarnError('FW301', `state object ${key} is damaged; restore it from a copy`);
    return { ...read.data, version: stored.version };
  }

  #keyOf(task: string): string {
    return `${this.#options.prefix}/${task}/manifest.json`;
  }
}

const decodedFrom = (key: string, stored: StoredObject | undefined): SavedState => {
  // Not copied: it may have hundreds of megabytes.
  const bytes = stored === undefined ? Buffer.alloc(0) : bufferOf(stored.bytes);
  const decoded = decodeBase(bytes);
  if (decoded === undefined)
    throw new ForewarnError('FW301', `state object ${key} is damaged; restore it from a copy`);
  return { ...decoded, bytes: bytes.length };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
