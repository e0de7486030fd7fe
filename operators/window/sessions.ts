import type { Key } from '../../runtime/item.ts';
import type { Checkpointed } from '../../runtime/state/checkpointed.ts';
import type { Records, RecordSpace } from './records.ts';

/** Rows of a key with less than the gap between them: `[start; end)`, the end being the last one's time and the gap. */
export interface Session {
  start: number;
  end: number;
  /** Its result went out at its end. */
  isSaid: boolean;
  /** When somebody looks whether it has ended; not in the checkpoint. */
  dueAt: number;
  readonly space: RecordSpace;
}

interface Saved {
  readonly start: number;
  readonly end: number;
  readonly isSaid: boolean;
  readonly space: unknown;
}
type SessionsPart = readonly (readonly [Key, readonly Saved[]])[];

const NONE: readonly Session[] = [];
const KEYS_A_PART = 512;

/**
 * The sessions of each key that are not over, in order. A key without one is forgotten. A session changes in place, and
 * `touch` says so.
 */
export class Sessions implements Checkpointed {
  readonly #records: Records;
  readonly #byKey = new Map<Key, readonly Session[]>();
  readonly #changed = new Set<Key>();
  readonly #onRestored: (key: Key, session: Session) => void;

  constructor(records: Records, onRestored: (key: Key, session: Session) => void) {
    this.#records = records;
    this.#onRestored = onRestored;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get dirty(): boolean {
    return this.#changed.size > 0;
  }

  of(key: Key): readonly Session[] {
    return this.#byKey.get(key) ?? NONE;
  }

  touch(key: Key): void {
    this.#changed.add(key);
  }

  replace(key: Key, gone: readonly Session[], by: Session | null): void {
    const kept = this.of(key).filter((one) => !gone.includes(one));
    if (by !== null) kept.push(by);
    if (kept.length > 1) kept.sort((a, b) => a.start - b.start);
    if (kept.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, kept);
    this.#changed.add(key);
  }

  delta(): SessionsPart {
    const changed = [...this.#changed].map((key) => [key, this.#saved(this.of(key))] as const);
    this.#changed.clear();
    return changed;
  }

  all(): Iterable<SessionsPart> {
    const all = [...this.#byKey].map(([key, sessions]) => [key, this.#saved(sessions)] as const);
    return Array.from({ length: Math.ceil(all.length / KEYS_A_PART) }, (_, part) =>
      all.slice(part * KEYS_A_PART, (part + 1) * KEYS_A_PART),
    );
  }

  restore(part: SessionsPart): void {
    for (const [key, saved] of part) {
      const sessions = saved.map(({ start, end, isSaid, space }) => ({
        start,
        end,
        isSaid,
        dueAt: NaN,
        space: this.#records.decode(space),
      }));
      if (sessions.length === 0) this.#byKey.delete(key);
      else this.#byKey.set(key, sessions);
      for (const session of sessions) this.#onRestored(key, session);
    }
    this.#changed.clear();
  }

  #saved(sessions: readonly Session[]): readonly Saved[] {
    return sessions.map(({ start, end, isSaid, space }) => ({
      start,
      end,
      isSaid,
      space: this.#records.encode(space),
    }));
  }
}
