import type { Clock } from '../../runtime/clock.ts';
import type { Disk, DiskFile } from '../../runtime/disk.ts';
import type { Commit, Log } from '../../runtime/log/log.ts';

/** A checkpoint as the thread felt it. */
export interface Pause {
  /** From the barrier to the state as bytes in the hands of the log. */
  readonly barrierMs: number;
  /** From there to the frame in the hands of the disk. */
  readonly frameMs: number;
  /** From the disk's answer to the frame being visible. */
  readonly admitMs: number;
  readonly bytes: number;
}

/** Looks at what a task does around its barriers from outside: by its clock, its log and the log's disk. */
export class Pauses {
  readonly all: Pause[] = [];
  #askedAt = 0;
  #given: { readonly barrierMs: number; readonly bytes: number; readonly at: number } | undefined;
  #framed: { readonly barrierMs: number; readonly bytes: number; readonly frameMs: number } | undefined;
  #syncedAt = 0;

  /** A task asks how late it is when it begins a barrier, and not again before the commit. */
  readonly clock: Clock = {
    now: () => {
      this.#askedAt = performance.now();
      return Date.now();
    },
  };

  log(log: Log): Log {
    const commit = (one: Commit): Promise<void> => {
      const at = performance.now();
      this.#given = { barrierMs: at - this.#askedAt, bytes: one.state?.length ?? 0, at };
      return log.commit(one).then(() => {
        const framed = this.#framed;
        if (framed === undefined) return;
        this.#framed = undefined;
        this.all.push({ ...framed, admitMs: performance.now() - this.#syncedAt });
      });
    };
    return new Proxy(log, {
      get: (target, name) => {
        if (name === 'commit') return commit;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  disk(disk: Disk): Disk {
    const watched = (file: DiskFile): DiskFile =>
      new Proxy(file, {
        get: (target, name) => {
          if (name === 'write') this.#wrote();
          if (name === 'datasync')
            return () => target.datasync().then(() => void (this.#syncedAt = performance.now()));
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    return {
      ...disk,
      open: async (path, flags) => {
        const file = await disk.open(path, flags);
        return path.endsWith('.log') ? watched(file) : file;
      },
    };
  }

  #wrote(): void {
    const given = this.#given;
    if (given === undefined) return;
    this.#given = undefined;
    const { barrierMs, bytes, at } = given;
    this.#framed = { barrierMs, bytes, frameMs: performance.now() - at };
  }
}

/** All that the thread gave to a checkpoint, in the turns that it took. */
export const pauseMs = ({ barrierMs, frameMs, admitMs }: Pause): number => barrierMs + frameMs + admitMs;
