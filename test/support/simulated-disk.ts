import { basename, dirname } from 'node:path';
import type { Disk, DiskFile } from '../../runtime/disk.ts';
import { type Chance, FileContent } from './simulated-file.ts';

/** One thing that is asked of the disk. */
export interface DiskOperation {
  readonly kind:
    | 'open'
    | 'read'
    | 'write'
    | 'datasync'
    | 'truncate'
    | 'readdir'
    | 'mkdir'
    | 'rename'
    | 'unlink'
    | 'sync folder';
  readonly path: string;
}

export type DiskFault = 'EIO' | 'ENOSPC';

export interface SimulatedDiskOptions {
  /** Bytes that all files together may have; no bound without it. */
  readonly capacityBytes?: number;
  /** Asked before each operation: the error that it fails with. */
  readonly fault?: (operation: DiskOperation) => DiskFault | undefined;
}

type Entry = FileContent | Folder;

/** Names that appear, change and vanish together. */
type NameChange = readonly (readonly [name: string, entry: Entry | undefined])[];

class Folder {
  readonly entries = new Map<string, Entry>();
  readonly durable = new Map<string, Entry>();
  changes: NameChange[] = [];

  change(change: NameChange): void {
    put(this.entries, change);
    this.changes.push(change);
  }

  sync(): void {
    for (const change of this.changes) put(this.durable, change);
    this.changes = [];
  }

  /** What the machine finds again: names changed since the last sync are there or not, each or up to some moment. */
  lose(chance: Chance): void {
    const kept = chance(4);
    const until = chance(this.changes.length + 1);
    this.changes
      .filter((_, index) => kept === 1 || (kept === 2 && index < until) || (kept === 3 && chance(2) === 0))
      .forEach((change) => put(this.durable, change));
    this.changes = [];
    this.entries.clear();
    for (const [name, entry] of this.durable) this.entries.set(name, entry);
    for (const entry of this.entries.values()) entry.lose(chance);
  }
}

const put = (names: Map<string, Entry>, change: NameChange): void => {
  for (const [name, entry] of change) {
    if (entry === undefined) names.delete(name);
    else names.set(name, entry);
  }
};

/**
 * A disk in memory that forgets like a real one. What was written and not synced may be lost when the machine dies:
 * all of it, the end of it, single writes in any order, a write torn at any byte; and so may names that were made,
 * changed or removed without a sync of their folder. When only the process dies, the next one finds everything, and
 * still nothing more of it is durable. It can be full, and each operation can be made to fail; after a sync that
 * failed, what it should have written can be read and is never durable, as Linux has it.
 */
export class SimulatedDisk implements Disk {
  readonly #root = new Folder();
  #options: SimulatedDiskOptions;
  #generation = 0;

  constructor(options: SimulatedDiskOptions = {}) {
    this.#options = options;
  }

  /** Makes room, or mends what was broken. */
  configure(options: SimulatedDiskOptions): void {
    this.#options = options;
  }

  /** The process is gone: its files are closed, and what it wrote can be read. */
  loseProcess(): void {
    this.#generation += 1;
  }

  /** The machine is gone: of what was not synced, chance says what is kept. */
  losePower(chance: Chance): void {
    this.loseProcess();
    this.#root.lose(chance);
  }

  get usedBytes(): number {
    return usedIn(this.#root);
  }

  async open(path: string, flags: 'r' | 'r+' | 'w' | 'wx+'): Promise<DiskFile> {
    await this.#begin({ kind: 'open', path });
    const folder = this.#folder(dirname(path));
    const found = folder.entries.get(basename(path));
    if (found instanceof Folder) throw failure('EISDIR', path);
    if (found !== undefined && flags === 'wx+') throw failure('EEXIST', path);
    if (found === undefined && (flags === 'r' || flags === 'r+')) throw failure('ENOENT', path);
    const file = found ?? new FileContent();
    if (found === undefined) folder.change([[basename(path), file]]);
    else if (flags === 'w') file.truncate(0);
    return this.#handle(path, file);
  }

  async readdir(path: string): Promise<readonly string[]> {
    await this.#begin({ kind: 'readdir', path });
    return [...this.#folder(path).entries.keys()];
  }

  async mkdir(path: string): Promise<string | undefined> {
    await this.#begin({ kind: 'mkdir', path });
    let first: string | undefined;
    let folder = this.#root;
    let at = '';
    for (const name of path.split('/').filter((part) => part !== '')) {
      at += `/${name}`;
      let next = folder.entries.get(name);
      if (next instanceof FileContent) throw failure('ENOTDIR', at);
      if (next === undefined) {
        folder.change([[name, (next = new Folder())]]);
        first ??= at;
      }
      folder = next;
    }
    return first;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#begin({ kind: 'rename', path: to });
    if (dirname(from) !== dirname(to)) throw new Error('simulated disk: a name stays in its folder');
    const folder = this.#folder(dirname(from));
    const entry = folder.entries.get(basename(from));
    if (entry === undefined) throw failure('ENOENT', from);
    folder.change([
      [basename(from), undefined],
      [basename(to), entry],
    ]);
  }

  async unlink(path: string): Promise<void> {
    await this.#begin({ kind: 'unlink', path });
    const folder = this.#folder(dirname(path));
    if (!folder.entries.has(basename(path))) throw failure('ENOENT', path);
    folder.change([[basename(path), undefined]]);
  }

  async syncFolder(path: string): Promise<void> {
    await this.#begin({ kind: 'sync folder', path });
    this.#folder(path).sync();
  }

  #handle(path: string, file: FileContent): DiskFile {
    const generation = this.#generation;
    const begin = async (kind: DiskOperation['kind']): Promise<void> => {
      if (generation !== this.#generation) throw failure('EBADF', path);
      await this.#begin({ kind, path });
      if (generation !== this.#generation) throw failure('EBADF', path);
    };
    const sync = async (): Promise<void> => {
      try {
        await begin('datasync');
      } catch (error) {
        file.failSync();
        throw error;
      }
      file.sync();
    };
    return {
      write: async (bytes, offset, length, position) => {
        await begin('write');
        const room = (this.#options.capacityBytes ?? Infinity) - this.usedBytes;
        const grows = Math.max(0, position + length - file.length);
        const bytesWritten = Math.min(length, length - grows + Math.max(0, room));
        if (bytesWritten <= 0) throw failure('ENOSPC', path);
        file.write(Buffer.from(bytes.subarray(offset, offset + bytesWritten)), position);
        return { bytesWritten };
      },
      read: async (bytes, offset, length, position) => {
        await begin('read');
        const found = file.bytes().subarray(position, position + length);
        bytes.set(found, offset);
        return { bytesRead: found.length };
      },
      readFile: async () => {
        await begin('read');
        return Buffer.from(file.bytes());
      },
      truncate: async (length) => {
        await begin('truncate');
        file.truncate(length);
      },
      datasync: sync,
      sync,
      close: async () => undefined,
    };
  }

  /** The disk answers later, never at once: what comes meanwhile waits. */
  async #begin(operation: DiskOperation): Promise<void> {
    await new Promise(setImmediate);
    const fault = this.#options.fault?.(operation);
    if (fault !== undefined) throw failure(fault, operation.path);
  }

  #folder(path: string): Folder {
    let folder: Entry | undefined = this.#root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      folder = folder instanceof Folder ? folder.entries.get(name) : undefined;
    }
    if (!(folder instanceof Folder)) throw failure('ENOENT', path);
    return folder;
  }
}

const usedIn = (folder: Folder): number => {
  let bytes = 0;
  for (const entry of folder.entries.values())
    bytes += entry instanceof Folder ? usedIn(entry) : entry.length;
  return bytes;
};

const failure = (code: string, path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: simulated, '${path}'`), { code, path });
