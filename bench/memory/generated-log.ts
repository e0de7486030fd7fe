import { setTimeout as passed } from 'node:timers/promises';
import type { Appended, Commit, Committed, Log, LogRecord } from '../../runtime/log/log.ts';

/** A record as it is made when somebody reads it. */
export interface Generated {
  readonly heardAt: number;
  readonly key: string;
  readonly value: Uint8Array;
  readonly producer?: string;
}

export interface GeneratedTopic {
  /** Records of it are made by number. */
  readonly record: (offset: number) => Generated;
  /** Records that there are. */
  readonly end: () => number;
}

export interface GeneratedLogOptions {
  readonly topics: Readonly<Record<string, GeneratedTopic>>;
  readonly closedUntil: () => number;
  /** For so long a commit is under way. */
  readonly commitMs?: () => number;
  /** A producer that says nothing of its frontier; its tasks publish in vain. */
  readonly silent?: (producer: string) => boolean;
}

const READ_BYTES = 1 << 20;

/**
 * A log without a disk and without memory: its records are made as they are read, and what is written is counted and
 * given up. Whatever a process holds with it is held by the engine. One partition a topic.
 */
export class GeneratedLog implements Log {
  readonly #options: GeneratedLogOptions;
  readonly #frontiers = new Map<string, number>();
  readonly #epochs = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #written = 0;
  #committing = 0;

  constructor(options: GeneratedLogOptions) {
    this.#options = options;
  }

  get closedUntil(): number {
    return this.#options.closedUntil();
  }

  /** Rows that were committed to any topic but dead letters. */
  get written(): number {
    return this.#written;
  }

  /** Bytes of the commits that are under way. */
  get committing(): number {
    return this.#committing;
  }

  partitionsOf(): number {
    return 1;
  }

  partitionFor(): number {
    return 0;
  }

  append(): Promise<Appended> {
    throw new Error('a generated log takes no records');
  }

  async commit({ producer, epoch, frontier, writes, state }: Commit): Promise<Committed> {
    let bytes = state?.length ?? 0;
    for (const { records } of writes) for (const { value } of records) bytes += value.length + 64;
    this.#committing += bytes;
    if (this.#options.commitMs !== undefined) await passed(this.#options.commitMs());
    this.#committing -= bytes;
    for (const { records } of writes) this.#written += records.length;
    this.#epochs.set(producer, epoch);
    this.publishFrontier(producer, frontier);
    // Nobody reads the states of a run that is never restored.
    return { stateEnd: epoch };
  }

  async read(
    topic: string,
    _partition: number,
    from: number,
    maxBytes = READ_BYTES,
  ): Promise<readonly LogRecord[]> {
    const generated = this.#options.topics[topic];
    const records: LogRecord[] = [];
    if (generated === undefined) return records;
    let bytes = 0;
    for (let offset = from; offset < generated.end() && bytes < maxBytes; offset++) {
      const { heardAt, key, value, producer = 'external' } = generated.record(offset);
      records.push({ offset, heardAt, key, value, producer, headers: {} });
      bytes += value.length + 64;
    }
    // As a disk: other work has its turn meanwhile.
    await new Promise(setImmediate);
    return records;
  }

  end(topic: string): number {
    return this.#options.topics[topic]?.end() ?? 0;
  }

  epoch(producer: string): number {
    return this.#epochs.get(producer) ?? 0;
  }

  frontier(producer: string): number {
    if (producer === 'external') return this.closedUntil;
    if (this.#options.silent?.(producer) === true) return -Infinity;
    return this.#frontiers.get(producer) ?? -Infinity;
  }

  publishFrontier(producer: string, frontier: number): void {
    if (frontier <= (this.#frontiers.get(producer) ?? -Infinity)) return;
    this.#frontiers.set(producer, frontier);
    this.advance();
  }

  /** There is more to read, or time has come on. */
  advance(): void {
    for (const listener of this.#listeners) listener();
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {}
}
