import type { KafkaConsumer, KafkaError, KafkaPlace } from '@confluentinc/kafka-javascript';
import { ask, type KafkaConnection, letGo } from './connection.ts';

export interface MembershipOptions {
  readonly connection: KafkaConnection;
  readonly group: string;
  /** Static: a process that comes back under it within the session time finds what it had, and nobody else moves. */
  readonly member: string;
  readonly topic: string;
  /** A process that has not been heard of for so long has lost all that it had. */
  readonly sessionMs: number;
  readonly onAssigned: (partitions: readonly number[]) => void;
  /** They go to others when it resolves. */
  readonly onRevoked: (partitions: readonly number[]) => Promise<void>;
  /** Others have them. */
  readonly onLost: (partitions: readonly number[]) => Promise<void>;
  /** It is no member any more and never will be: the group has another by its name. Told once. */
  readonly onEnd: (error: KafkaError) => void;
  readonly note: (line: string) => void;
}

const ASSIGN = -175;
const FENCED_INSTANCE = 82;
const FATAL = -150;
const LOOK_EVERY_MS = 100;
const TELL_EVERY_MS = 60_000;
/** Leaving may wait for what is revoked to be given. */
const REBALANCE_WITHIN_MS = 60_000;

/** One life of a member: as long as the client that joined may be it. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #consumer: KafkaConsumer;
  readonly #joined: Promise<void>;
  #polling: Promise<void> = Promise.resolve();
  #closed = false;
  #hasEnded = false;
  /** When something was last told, in milliseconds: a client whose broker is away says so many times a second. */
  readonly #toldAt = new Map<string, number>();

  private constructor(options: MembershipOptions, consumer: KafkaConsumer, joined: Promise<void>) {
    this.#options = options;
    this.#consumer = consumer;
    this.#joined = joined;
  }

  /** Resolves when it has its first share, which may be none, or will never have one. */
  static async join(options: MembershipOptions): Promise<Membership> {
    const { connection, group, member, topic, sessionMs } = options;
    let hasJoined = (): void => undefined;
    const joined = new Promise<void>((resolve) => (hasJoined = resolve));
    let self: Membership | undefined;
    const consumer = await connection.consumer(
      {
        'group.id': group,
        'group.instance.id': member,
        'partition.assignment.strategy': 'cooperative-sticky',
        'session.timeout.ms': sessionMs,
        'heartbeat.interval.ms': Math.max(500, Math.floor(sessionMs / 5)),
        'max.poll.interval.ms': Math.max(REBALANCE_WITHIN_MS, sessionMs),
        'enable.auto.commit': false,
        'enable.auto.offset.store': false,
        rebalance_cb: (error: KafkaError, places: readonly KafkaPlace[]) => {
          if (self !== undefined) self.#rebalance(error, places);
          if (error.code === ASSIGN) hasJoined();
        },
      },
      { 'auto.offset.reset': 'latest' },
    );
    const onEnd = (error: KafkaError): void => {
      options.onEnd(error);
      hasJoined();
    };
    self = new Membership({ ...options, onEnd }, consumer, joined);
    consumer.setDefaultConsumeTimeout(0);
    consumer.on('event.error', (error: KafkaError) => self.#complain(error));
    consumer.subscribe([topic]);
    self.#polling = self.#poll();
    await self.#joined;
    return self;
  }

  /** Gives back what it has; as a static member it is missed only when the session time has passed. */
  async leave(): Promise<void> {
    this.#closed = true;
    await this.#polling;
    await letGo(this.#consumer);
  }

  #rebalance(error: KafkaError, places: readonly KafkaPlace[]): void {
    const { onAssigned, onRevoked, onLost, note } = this.#options;
    const partitions = places.map(({ partition }) => partition);
    if (error.code === ASSIGN) {
      const isMember = this.#unlessGone(() => this.#consumer.incrementalAssign(places)) !== undefined;
      if (isMember && partitions.length > 0) onAssigned(partitions);
      return;
    }
    const isLost = this.#unlessGone(() => this.#consumer.assignmentLost()) ?? false;
    const left = isLost ? onLost(partitions) : onRevoked(partitions);
    const tell = (reason: unknown): void => note(`kafka: ${String(reason)}`);
    void left
      .catch(tell)
      .then(() => this.#unlessGone(() => this.#consumer.incrementalUnassign(places)))
      .catch(tell);
  }

  /**
   * Undefined of one that is leaving at the same moment, or that the group has put out: whatever the client says it still is, there is nobody
   * to ask.
   */
  #unlessGone<T>(call: () => T): T | undefined {
    if (!this.#consumer.isConnected()) return undefined;
    try {
      return call();
    } catch (error) {
      if (this.#closed || this.#hasEnded) return undefined;
      throw error;
    }
  }

  /** There is nothing to read; to ask is what keeps it a member, and brings the news. */
  async #poll(): Promise<void> {
    while (!this.#closed) {
      try {
        await ask<unknown>((done) => this.#consumer.consume(1, done));
      } catch (error) {
        this.#complain(error as KafkaError);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  #complain(error: KafkaError): void {
    const { group, onEnd, note } = this.#options;
    if (error.code === FENCED_INSTANCE || error.code === FATAL || error.isFatal === true) {
      if (this.#hasEnded || this.#closed) return;
      this.#hasEnded = true;
      return onEnd(error);
    }
    const now = performance.now();
    if (now - (this.#toldAt.get(error.message) ?? -Infinity) < TELL_EVERY_MS) return;
    this.#toldAt.set(error.message, now);
    note(`kafka: group "${group}": ${error.message}`);
  }
}
