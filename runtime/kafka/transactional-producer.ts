import type { KafkaError, Producer } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../forewarn-error.ts';
import { ask, type KafkaConnection, letGo } from './connection.ts';
import { Deliveries } from './deliveries.ts';
import type { Outgoing } from './outgoing.ts';
import { splitByReport } from './split-by-report.ts';
import { type Written, writtenOf } from './written.ts';

/** What the client says when another producer has the id: fenced, of an old epoch, or fenced by the broker. */
const FENCED: ReadonlySet<number> = new Set([-144, 47, 90]);
/** Blocks a thread of libuv's pool for at most so long; what has not ended by then is asked again. */
const SLICE_MS = 2_000;
const INIT_WITHIN_MS = 60_000;

const TIMED_OUT = -185;

/**
 * One transactional producer. To open it fences whoever had its id before, and ends what that one had begun. A transaction
 * is there whole or not at all; when `transact` rejects it may be either, which only a reader can tell, and the
 * producer is of no use any more: FW614 when it was fenced, and so another process goes on in its place.
 */
export class TransactionalProducer {
  readonly #id: string;
  readonly #producer: Producer;
  readonly #deliveries: Deliveries;

  private constructor(id: string, producer: Producer) {
    this.#id = id;
    this.#producer = producer;
    this.#deliveries = new Deliveries(producer);
  }

  static async open(
    connection: KafkaConnection,
    id: string,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<TransactionalProducer> {
    const producer = await connection.producer({
      'transactional.id': id,
      // Long enough that a thousand records go in a few requests: whoever waits for them sends what lingers.
      'linger.ms': 100,
      'compression.codec': 'lz4',
      'queue.buffering.max.kbytes': 1 << 20,
      'queue.buffering.max.messages': 10_000_000,
      dr_cb: true,
      ...settings,
    });
    const opened = new TransactionalProducer(id, producer);
    try {
      await opened.#inSlices((ms, done) => producer.initTransactions(ms, done), INIT_WITHIN_MS);
    } catch (error) {
      await opened.close();
      throw opened.#reasonOf(error);
    }
    return opened;
  }

  /**
   * Commits `records`, in the order of each partition, and behind them what `tail` makes of where they lie, such as a marker that says how
   * far they go.
   */
  async transact(
    records: readonly Outgoing[],
    tail: (written: Written) => readonly Outgoing[],
  ): Promise<Written> {
    const deliveries = this.#deliveries;
    try {
      await ask<void>((done) => this.#producer.beginTransaction(done));
      const { unreported, reported } = splitByReport(records);
      if (unreported.length > 0) {
        deliveries.handOver(unreported.map((index) => records[index]!));
        await this.#inSlices((ms, done) => deliveries.settle(ms, done), Infinity);
      }
      const offsets = await deliveries.deliver(reported.map((index) => records[index]!));
      const written = writtenOf(records, reported, offsets);
      // The commit waits until they are delivered, and fails if any record of the transaction was not.
      deliveries.handOver(tail(written));
      await this.#inSlices((ms, done) => this.#producer.commitTransaction(ms, done), Infinity);
      return written;
    } catch (error) {
      // A record that could not be delivered does not say why; the end of its transaction does.
      const reason = await this.#abort();
      throw this.#reasonOf(reason ?? error);
    }
  }

  /** Ends it; a transaction that is open is left to whoever opens the id next, or to its time-out. */
  async close(): Promise<void> {
    this.#deliveries.giveUp(new Error('the producer was closed'));
    if (!this.#producer.isConnected()) return;
    await letGo(this.#producer);
  }

  /** What the client says instead of aborting, where that is more than that nothing is open. */
  async #abort(): Promise<unknown> {
    this.#deliveries.giveUp();
    try {
      await ask<void>((done) => this.#producer.abortTransaction(SLICE_MS, done));
      return undefined;
    } catch (error) {
      return FENCED.has((error as KafkaError).code) ? error : undefined;
    }
  }

  /**
   * The calls that wait for the broker may be made again after a time-out, and then go on waiting. The time-out of a record
   * has the same code and is no such thing: its transaction is lost, and would be asked for for ever.
   */
  async #inSlices(
    call: (timeoutMs: number, done: (error: KafkaError | null | undefined) => void) => void,
    withinMs: number,
  ): Promise<void> {
    for (const end = Date.now() + withinMs; ;) {
      try {
        await ask<void>((done) => call(SLICE_MS, done));
        return;
      } catch (error) {
        const { code, isRetriable, isTxnRequiresAbort } = error as KafkaError;
        const isSlice = (code === TIMED_OUT || isRetriable === true) && isTxnRequiresAbort !== true;
        if (!isSlice || Date.now() > end) throw error;
      }
    }
  }

  #reasonOf(error: unknown): unknown {
    const { code } = error as KafkaError;
    if (!FENCED.has(code)) return error;
    return new ForewarnError(
      'FW614',
      `another process writes in the place of this one since it began ("${this.#id}" is fenced); stop one of the two`,
      { cause: error },
    );
  }
}
