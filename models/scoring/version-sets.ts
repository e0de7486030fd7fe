import type { Scorer } from './scorer.ts';

/** A scorer while it is used; `done` says that the answer is there. */
interface Held {
  readonly scorer: Scorer;
  readonly done: () => void;
}

interface Opened {
  readonly scorer: Promise<Scorer>;
  users: number;
  isCurrent: boolean;
}

/**
 * Scorers by the versions that they hold, opened when they are first asked. Beside those in force the one or two that were
 * asked last are kept, as those of a replay are; others are let go once nobody waits for an answer of theirs.
 */
export class VersionSets {
  readonly #open: (versions: readonly string[]) => Promise<Scorer>;
  readonly #keep: number;
  /** In the order of their last use. */
  readonly #sets = new Map<string, Opened>();
  readonly #closing = new Set<Promise<void>>();

  /** `keep`: sets beside the one in force. */
  constructor(open: (versions: readonly string[]) => Promise<Scorer>, keep = 2) {
    this.#open = open;
    this.#keep = keep;
  }

  /** Opens the versions, and only then puts them in force; where they cannot be opened, those of before stay. */
  async putInForce(versions: readonly string[]): Promise<Scorer> {
    const next = this.#find(versions);
    next.users += 1;
    try {
      const scorer = await next.scorer;
      for (const set of this.#sets.values()) set.isCurrent = false;
      next.isCurrent = true;
      return scorer;
    } finally {
      next.users -= 1;
      this.#tidy();
    }
  }

  /** Nothing is in force from here on. */
  putNoneInForce(): void {
    for (const set of this.#sets.values()) set.isCurrent = false;
    this.#tidy();
  }

  async hold(versions: readonly string[]): Promise<Held> {
    const set = this.#find(versions);
    set.users += 1;
    const done = (): void => {
      set.users -= 1;
      this.#tidy();
    };
    try {
      return { scorer: await set.scorer, done };
    } catch (error) {
      done();
      throw error;
    }
  }

  /** All of them, after their last answers. */
  async close(): Promise<void> {
    for (const key of this.#sets.keys()) this.#letGo(key);
    await Promise.all(this.#closing);
  }

  #find(versions: readonly string[]): Opened {
    const key = versions.join(' ');
    const set = this.#sets.get(key) ?? { scorer: this.#open(versions), users: 0, isCurrent: false };
    this.#sets.delete(key);
    this.#sets.set(key, set);
    // What could not be opened is tried again when it is asked again.
    set.scorer.catch(() => this.#sets.get(key) === set && this.#sets.delete(key));
    return set;
  }

  #tidy(): void {
    const idle = [...this.#sets].filter(([, { users, isCurrent }]) => users === 0 && !isCurrent);
    const besides = [...this.#sets.values()].filter(({ isCurrent }) => !isCurrent).length;
    for (const [key] of idle.slice(0, Math.max(0, besides - this.#keep))) this.#letGo(key);
  }

  #letGo(key: string): void {
    const set = this.#sets.get(key);
    this.#sets.delete(key);
    const closing = set?.scorer.then(
      async (scorer) => scorer.close(),
      () => undefined,
    );
    if (closing === undefined) return;
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }
}
