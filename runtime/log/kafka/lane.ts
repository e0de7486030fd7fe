import { setTimeout as pause } from 'node:timers/promises';
import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Outgoing } from '../../kafka/outgoing.ts';
import { TransactionalProducer } from '../../kafka/transactional-producer.ts';
import type { Written } from '../../kafka/written.ts';
import type { Slots } from '../../slots.ts';
import { closed } from './log-end.ts';

/** What one producer commits: all or nothing. */
export interface LaneWork {
  readonly producer: string;
  readonly epoch: number;
  readonly records: readonly Outgoing[];
  /**
   * Made when it is known where `records` lie. Where works go together ends are those of all of them: who reads one of them reads
   * all, and their last record is there.
   */
  readonly marker: (written: Written) => Outgoing;
}

export interface LaneOptions {
  readonly connection: KafkaConnection;
  /** Its transactional id: whoever opens it fences whoever had it before. */
  readonly id: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * A transaction that has been open for so long may have been ended by the brokers for its age, which they tell like the taking of the
   * id by another process. Infinity where that is taken for what it says.
   */
  readonly mayAgeMs: number;
  /** How many transactions may be under way at once in this process; each waits in a thread of libuv's pool. */
  readonly slots: Slots;
  /** Epoch of a producer's last commit, once everything that was committed before the call has been read. */
  readonly committedEpoch: (producer: string) => Promise<number>;
  readonly note: (line: string) => void;
}

const MOST_PAUSE_MS = 2_000;

interface Waiting {
  readonly work: LaneWork;
  readonly done: (offsets: readonly number[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The transactions of one id, one after the other; what has come while one was under way goes with the next. A transaction
 * that failed may have been committed all the same: then the id is opened anew, which ends what was open, and what the
 * reader says decides whether it is written again. So each work is written exactly once, whatever broke. A broker
 * that is away is waited for, also for longer than a transaction may last. FW614 ends it: another process has the id, and whatever
 * waits is refused, since it goes on from what was not written; only a new claim begins it again.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting: Waiting[] = [];
  #producer: Promise<TransactionalProducer> | undefined;
  #working: Promise<void> | undefined;
  /** What is told to whoever still waits, or comes. */
  #endedBy: ForewarnError | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** Fences whoever had the id, and ends what that one had begun. */
  async claim(): Promise<void> {
    this.#endedBy = undefined;
    await this.#open();
  }

  /** Resolves the offsets of the records that wanted them when the transaction has been committed. */
  commit(work: LaneWork): Promise<readonly number[]> {
    if (this.#endedBy !== undefined) return Promise.reject(this.#endedBy);
    return new Promise((done, failed) => {
      this.#waiting.push({ work, done, failed });
      this.#working ??= this.#workOff();
    });
  }

  async close(because: ForewarnError = closed()): Promise<void> {
    this.#endedBy ??= because;
    await this.#working;
    await this.#drop();
  }

  async #workOff(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        const offsets = await this.#commit(group.map(({ work }) => work));
        group.forEach(({ done }, index) => done(offsets[index]!));
      } catch (error) {
        // Whatever else fails is tried again.
        this.#endedBy ??= error as ForewarnError;
        for (const { failed } of [...group, ...this.#waiting.splice(0)]) failed(error);
      }
    }
    this.#working = undefined;
  }

  /** Offsets of each work's records. */
  async #commit(works: readonly LaneWork[]): Promise<readonly (readonly number[])[]> {
    const { id, mayAgeMs, slots, note } = this.#options;
    let written: readonly (readonly number[])[] = [];
    for (let attempt = 1; ; attempt++) {
      let begunAt = Infinity;
      try {
        if (await this.#open()) {
          // Whoever had the id before may have come further than this process knows; and it may be itself that did.
          if (await this.#areCommitted(works)) {
            if (attempt > 1) return written;
            throw overtaken(works[0]!.producer, works[0]!.epoch);
          }
        }
        const producer = await this.#producer!;
        await slots(() => {
          begunAt = performance.now();
          return producer.transact(
            works.flatMap(({ records }) => records),
            ({ offsets, ends }) => {
              let at = 0;
              written = works.map(({ records }) => offsets.slice(at, (at += records.length)));
              return works.map(({ marker }, index) => marker({ offsets: written[index]!, ends }));
            },
          );
        });
        return written;
      } catch (error) {
        await this.#drop();
        const isFenced = error instanceof ForewarnError && error.code === 'FW614';
        const isOfAge = performance.now() - begunAt >= mayAgeMs;
        // Who has gone on in its place is not fenced for that.
        if (isFenced && isOfAge) await this.#areCommitted(works);
        else if (error instanceof ForewarnError && error.code !== 'FW609') throw error;
        this.#refuse();
        note(
          `kafka: transaction of "${id}" is tried again: ${error instanceof Error ? error.message : String(error)}`,
        );
        await pause(Math.min(MOST_PAUSE_MS, 50 * 2 ** attempt));
        // To open the id once more would fence whoever has it by now.
        this.#refuse();
      }
    }
  }

  #refuse(): void {
    if (this.#endedBy !== undefined) throw this.#endedBy;
  }

  /**
   * Whether the transaction of these works was committed after all. FW614 when somebody else has committed, or when one before them
   * never was.
   */
  async #areCommitted(works: readonly LaneWork[]): Promise<boolean> {
    const bounds = new Map<string, { readonly first: LaneWork; readonly last: LaneWork }>();
    for (const work of works)
      bounds.set(work.producer, { first: bounds.get(work.producer)?.first ?? work, last: work });
    let committed = 0;
    for (const [producer, { first, last }] of bounds) {
      const epoch = await this.#options.committedEpoch(producer);
      if (epoch === last.epoch) committed += 1;
      else if (epoch !== first.epoch - 1) throw overtaken(producer, epoch);
    }
    if (committed !== 0 && committed !== bounds.size) throw overtaken(works[0]!.producer, works[0]!.epoch);
    return committed > 0;
  }

  /** Answers whether the id had to be opened. */
  async #open(): Promise<boolean> {
    const isNew = this.#producer === undefined;
    const { connection, id, settings, slots } = this.#options;
    this.#producer ??= slots(() => TransactionalProducer.open(connection, id, settings));
    try {
      await this.#producer;
      return isNew;
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    await producer?.close();
  }
}

/** FW614: somebody else has committed as this producer. */
export const overtaken = (producer: string, found: number): ForewarnError =>
  new ForewarnError(
    'FW614',
    `${producer}: its last commit is of epoch ${found}, and this process does not go on from there: another one has it; stop one of the two`,
  );
