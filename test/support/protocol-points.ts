import type { Disk, DiskFile } from '../../runtime/disk.ts';
import type { Commit, Committed, Log } from '../../runtime/log/log.ts';

/** What a process does that others can see or that outlives it. */
export type PointKind = 'disk' | 'append' | 'commit' | 'insert';

/** Whoever asks anything of a dead process hears this. */
export class Died extends Error {
  constructor(point: string) {
    super(`the process died ${point}`);
    this.name = 'Died';
  }
}

export interface Death {
  /** Point, counted from 0 among those of the kinds. */
  readonly at: number;
  readonly kinds: ReadonlySet<PointKind>;
  /** Ends this process for good; without it the process is only treated as dead from then on. */
  readonly kill?: (point: string) => void;
}

export const allKinds: ReadonlySet<PointKind> = new Set(['disk', 'append', 'commit', 'insert']);

/**
 * The protocol points of one life, numbered in the order in which they are reached: one before and one after each
 * thing that is done. At the one that was chosen the process dies: from then on nothing is done any more, and nobody
 * is answered.
 */
export class ProtocolPoints {
  readonly #death: Death | undefined;
  readonly #onDeath: ((error: Died) => void)[] = [];
  readonly #names: string[] = [];
  #died: Died | undefined;

  constructor(death?: Death) {
    this.#death = death;
  }

  /** Points that were reached, of the kinds that count. */
  get names(): readonly string[] {
    return this.#names;
  }

  get died(): Died | undefined {
    return this.#died;
  }

  async around<T>(kind: PointKind, what: string, work: () => Promise<T>): Promise<T> {
    this.#pass(kind, `before ${what}`);
    const done = await work();
    this.#pass(kind, `after ${what}`);
    return done;
  }

  refuseWhenDead(): void {
    if (this.#died !== undefined) throw this.#died;
  }

  /** What is awaited, unless death comes first: who waits for a dead process would wait for ever. */
  orDeath<T>(work: Promise<T>): Promise<T> {
    const death = new Promise<never>((_, reject) => {
      if (this.#died === undefined) this.#onDeath.push(reject);
      else reject(this.#died);
    });
    return Promise.race([work, death]);
  }

  #pass(kind: PointKind, name: string): void {
    this.refuseWhenDead();
    const death = this.#death;
    if (death === undefined || !death.kinds.has(kind)) return;
    if (this.#names.push(name) - 1 !== death.at) return;
    death.kill?.(name);
    this.#died = new Died(name);
    for (const reject of this.#onDeath) reject(this.#died);
    throw this.#died;
  }
}

/** A disk with a point before and after everything that changes it. */
export const pointedDisk = (disk: Disk, points: ProtocolPoints): Disk => {
  const around = <T>(what: string, work: () => Promise<T>): Promise<T> => points.around('disk', what, work);
  const pointed = (path: string, file: DiskFile): DiskFile => ({
    write: (bytes, offset, length, position) =>
      around(`write ${path}`, () => file.write(bytes, offset, length, position)),
    read: (bytes, offset, length, position) => {
      points.refuseWhenDead();
      return file.read(bytes, offset, length, position);
    },
    readFile: () => file.readFile(),
    truncate: (length) => around(`truncate ${path}`, () => file.truncate(length)),
    datasync: () => around(`sync ${path}`, () => file.datasync()),
    sync: () => around(`sync ${path}`, () => file.sync()),
    close: () => file.close(),
  });
  return {
    open: async (path, flags) =>
      pointed(
        path,
        await (flags === 'w' || flags === 'wx+'
          ? around(`make ${path}`, () => disk.open(path, flags))
          : disk.open(path, flags)),
      ),
    readdir: (path) => disk.readdir(path),
    mkdir: (path) => around(`make folder ${path}`, () => disk.mkdir(path)),
    rename: (from, to) => around(`rename to ${to}`, () => disk.rename(from, to)),
    unlink: (path) => around(`remove ${path}`, () => disk.unlink(path)),
    syncFolder: (path) => around(`sync folder ${path}`, () => disk.syncFolder(path)),
  };
};

/** A log with a point before and after each append and commit: after means that nobody has heard of it yet. */
export const pointedLog = (log: Log, points: ProtocolPoints): Log => {
  const append: Log['append'] = (topic, record, options) =>
    points.around('append', `append to ${topic}`, () => log.append(topic, record, options));
  const commit = (one: Commit): Promise<Committed> =>
    points.around('commit', `commit ${one.epoch} of ${one.producer}`, () => log.commit(one));
  const read: Log['read'] = async (...args) => {
    points.refuseWhenDead();
    return log.read(...args);
  };
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'append') return append;
      if (name === 'commit') return commit;
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};
