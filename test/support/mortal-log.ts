import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type {
  Appended,
  AppendOptions,
  Commit,
  Committed,
  Log,
  LogRecord,
  NewRecord,
} from '../../runtime/log/log.ts';

/** At which write the process dies, and what becomes of that write. */
export interface Death {
  readonly atWrite: number;
  readonly how: (write: () => Promise<unknown>) => Promise<unknown>;
}

/** The process dies before the disk has anything of the write, or after it has all of it and before anybody knows. */
export const deaths = {
  before: async (): Promise<void> => undefined,
  after: (write: () => Promise<unknown>): Promise<unknown> => write(),
};

/**
 * A log whose process dies at a chosen write: from then on nothing is answered. What is durable stays in the log
 * within; a second one around it is the next life, which has forgotten what was only in memory. Writes come one after
 * the other, so that what was durable before the last one is known.
 */
export class MortalLog implements Log {
  readonly #within: Log;
  readonly #death: Death | undefined;
  readonly #frontiers = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();
  #writes = 0;
  #isDead = false;

  constructor(within: Log, death?: Death) {
    this.#within = within;
    this.#death = death;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get writes(): number {
    return this.#writes;
  }

  /** Dies now, between two writes. */
  die(): void {
    this.#isDead = true;
  }

  append(topic: string, record: NewRecord, options?: AppendOptions): Promise<Appended> {
    return this.#write(() => this.#within.append(topic, record, options));
  }

  commit(commit: Commit): Promise<Committed> {
    return this.#write(() => this.#within.commit(commit));
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes?: number,
  ): Promise<readonly LogRecord[]> {
    if (this.#isDead) throw dead();
    return this.#within.read(topic, partition, fromOffset, maxBytes);
  }

  partitionsOf(topic: string): number {
    return this.#within.partitionsOf(topic);
  }

  partitionFor(topic: string, key: string): number {
    return this.#within.partitionFor(topic, key);
  }

  end(topic: string, partition: number): number {
    return this.#within.end(topic, partition);
  }

  epoch(producer: string): number {
    return this.#within.epoch(producer);
  }

  frontier(producer: string): number {
    return Math.max(this.#within.frontier(producer), this.#frontiers.get(producer) ?? -Infinity);
  }

  publishFrontier(producer: string, frontier: number): void {
    this.#frontiers.set(producer, Math.max(frontier, this.#frontiers.get(producer) ?? -Infinity));
    // Whoever listens to the log within hears of it, and nothing of it is kept there.
    this.#within.publishFrontier(`listeners of ${producer}`, frontier);
  }

  get closedUntil(): number {
    return this.#within.closedUntil;
  }

  onAdvance(listener: () => void): () => void {
    return this.#within.onAdvance(listener);
  }

  close(): Promise<void> {
    return this.#within.close();
  }

  #write<T>(write: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(async () => {
      if (this.#isDead) throw dead();
      this.#writes += 1;
      if (this.#writes !== this.#death?.atWrite) return write();
      this.#isDead = true;
      await this.#death.how(write);
      throw dead();
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

const dead = (): ForewarnError => new ForewarnError('FW304', 'the process has died');
