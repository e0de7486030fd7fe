import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, KafkaMessage } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { GrowingWait } from '../../runtime/growing-wait.ts';
import { type KafkaConnection, notAnswering } from '../../runtime/kafka/connection.ts';
import { isLost, PullConsumer } from '../../runtime/kafka/pull-consumer.ts';
import { type TopicBounds, topicBounds } from '../../runtime/kafka/topic-bounds.ts';
import { recordResults, type RestartReason, type SourceCounts } from './source-counts.ts';
import type { SourcePositions } from './source-positions.ts';
import { type TakeOptions, takeRecords } from './take-records.ts';
import { type Gap, goOnFrom, type PartitionPosition, type TopicPosition, wordsOf } from './topic-position.ts';

export interface TopicSourceOptions extends TakeOptions {
  readonly connection: KafkaConnection;
  readonly admin: Admin;
  readonly group: string;
  readonly topic: string;
  readonly start: 'earliest' | 'latest';
  readonly onGap: 'fail' | 'skip';
  readonly positions: SourcePositions;
  /** Partitions that are taken here; the others are another process's. */
  readonly isOurs: (partition: number) => boolean;
  readonly counts: SourceCounts;
  readonly note: (line: string) => void;
  /** So often the brokers are asked what there is. */
  readonly lookEveryMs?: number;
  /** A consumer that brings nothing for so long, though there is more, is made anew; the next one has twice as long. */
  readonly patienceMs?: number;
}

const MOST_PATIENCE_MS = 600_000;

/**
 * Takes a foreign topic into `raw`, each record as one document. Guarantee: every committed record exactly once, whatever
 * crashes: positions are kept in the log behind the documents, and a record that is read again has the id of its place.
 * Order is kept within a partition. Brokers, a line that is full and a registry are waited for. What cannot be waited
 * for, records that are gone, stops it or is skipped with a dead letter, as configured.
 */
export class TopicSource {
  readonly #options: TopicSourceOptions;
  readonly #lookEveryMs: number;
  readonly #patienceMs: number;
  /** Twice as long after each consumer that stalled: what comes slowly must not be begun again for ever. */
  #waitsMs: number;
  readonly #stopping = new AbortController();
  readonly #wait = new GrowingWait(200, 10_000);
  #running: Promise<void> = Promise.resolve();
  #consumer: PullConsumer | undefined;
  #position: TopicPosition = { seen: 0, partitions: {} };
  #id = '';
  /** When something last came, or nothing more could have. */
  #progressAt = 0;
  #lookedAt = 0;
  /** Last trouble that was noted: the same again is no news. */
  #noted = '';

  constructor(options: TopicSourceOptions) {
    this.#options = options;
    this.#lookEveryMs = options.lookEveryMs ?? 5_000;
    this.#patienceMs = options.patienceMs ?? 30_000;
    this.#waitsMs = this.#patienceMs;
  }

  get topic(): string {
    return this.#options.topic;
  }

  /** How far what is taken here has come. */
  get position(): TopicPosition {
    return this.#position;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when what was under way is durable. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Tells the group how far the topic is taken, once that is durable. */
  tellGroup(position: TopicPosition): void {
    this.#consumer?.commit(this.#placesOf(position));
  }

  async #run(): Promise<void> {
    const { counts } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let why: RestartReason = 'failed';
      try {
        const consumer = await this.#open();
        const found = await this.#pull(consumer);
        if (found === undefined) return;
        why = found;
        if (why === 'stalled') this.#waitsMs = Math.min(MOST_PATIENCE_MS, this.#waitsMs * 2);
        this.#note(`the consumer is made anew: ${reasons[why]}`);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ForewarnError && error.code === 'FW618') {
          counts.state(this.topic, 'stopped');
          this.#note(`STOPPED, and takes nothing more: ${error.message}`);
          return;
        }
        this.#note(`${error instanceof Error ? error.message : String(error)}; trying again`);
      } finally {
        const consumer = this.#consumer;
        this.#consumer = undefined;
        await consumer?.close();
      }
      counts.state(this.topic, 'held');
      counts.restarted(this.topic, why);
      await this.#wait.pass(signal).catch(() => undefined);
    }
  }

  /** A consumer where reading goes on; that position is durable before anything is read. */
  async #open(): Promise<PullConsumer> {
    const { topic } = this;
    const { connection, group, start, positions, isOurs } = this.#options;
    const there = await this.#look();
    const { position, gaps } = goOnFrom(positions.of(topic), there, start, isOurs);
    await this.#over(gaps, position);
    this.#id = there.id;
    this.#position = position;
    positions.set(topic, position);
    await positions.write();
    const consumer = await PullConsumer.open(connection, { 'group.id': group });
    this.#consumer = consumer;
    consumer.assign(this.#placesOf(position));
    this.#progressAt = performance.now();
    return consumer;
  }

  /** FW618 where records that are gone are not to be borne; else each gap is a dead letter before anything is read. */
  async #over(gaps: readonly Gap[], { partitions }: TopicPosition): Promise<void> {
    const { topic } = this;
    const { onGap, letter, counts } = this.#options;
    if (gaps.some(({ why }) => why === 'cut') && !(await this.#staysCut()))
      throw new Error('its end stands before our position, as it may while a leader is elected');
    for (const gap of gaps) {
      const reason = `Kafka topic "${topic}" ${wordsOf(gap)}`;
      if (onGap === 'fail') {
        const mend = `set sources.kafka.topics.${topic}.onGap to skip to go on behind that`;
        throw new ForewarnError('FW618', `${reason}; ${mend}`);
      }
      counts.gap(topic, gap.to - gap.from);
      this.#note(`FW618 ${reason}; it goes on behind that`);
      const incarnation =
        gap.partition === null
          ? Math.max(...Object.values(partitions).map((at) => at.incarnation))
          : partitions[gap.partition]!.incarnation;
      const documentId = `kafka:${topic}#${incarnation}/${gap.partition ?? '*'}/${gap.from}-${gap.to}`;
      await letter({ code: 'FW618', reason, documentId, message: null });
    }
  }

  /** Whether the topic still ends before our position when patience is at an end. */
  async #staysCut(): Promise<boolean> {
    await sleep(this.#patienceMs, undefined, { signal: this.#stopping.signal });
    const { start, positions, isOurs } = this.#options;
    const { gaps } = goOnFrom(positions.of(this.topic), await this.#look(), start, isOurs);
    return gaps.some(({ why }) => why === 'cut');
  }

  /** FW609 when the brokers do not say. */
  #bounds(): Promise<TopicBounds | undefined> {
    const { admin, connection } = this.#options;
    this.#lookedAt = performance.now();
    return topicBounds(admin, this.topic).catch((error: unknown) => {
      throw notAnswering(connection.address, error);
    });
  }

  /** FW225 when the topic is not there. */
  async #look(): Promise<TopicBounds> {
    const { topic } = this;
    const there = await this.#bounds();
    if (there === undefined) {
      throw new ForewarnError(
        'FW225',
        `sources.kafka.topics.${topic}: Kafka has no topic of this name, or does not show it to us; make it, or mend the name`,
      );
    }
    return there;
  }

  /** Takes what comes until it is stopped (undefined), or a new consumer is needed. */
  async #pull(consumer: PullConsumer): Promise<RestartReason | undefined> {
    const { signal } = this.#stopping;
    let looking: Promise<void> | undefined;
    let found: RestartReason | undefined;
    this.#options.counts.state(this.topic, 'running');
    while (!signal.aborted && found === undefined) {
      if (looking === undefined && performance.now() - this.#lookedAt >= this.#lookEveryMs) {
        looking = this.#compare()
          .then((why) => (found ??= why))
          // Brokers that are away are the client's affair: it finds them again by itself.
          .catch(() => undefined)
          .then(() => (looking = undefined));
      }
      try {
        const { messages, ends } = await consumer.pull(Math.min(500, this.#lookEveryMs));
        if (messages.length > 0) await this.#take(messages);
        if (messages.length + ends.length === 0) continue;
        this.#progressAt = performance.now();
        if (messages.length > 0) this.#waitsMs = this.#patienceMs;
        this.#noted = '';
        this.#wait.reset();
      } catch (error) {
        if (!isLost(error)) throw error;
        // Of which partition, and what is there instead, is found out when it is opened again.
        found = 'lost';
      }
    }
    if (signal.aborted) return undefined;
    await looking;
    return found;
  }

  /** Whether what there is goes with what comes. */
  async #compare(): Promise<RestartReason | undefined> {
    const { counts } = this.#options;
    const there = await this.#bounds();
    const { seen } = this.#position;
    if (there?.id !== this.#id) return 'lost';
    if (there.partitions.length > seen) return 'new-partitions';
    let behind = 0;
    for (const { partition, offset: at } of this.#placesOf(this.#position)) {
      const { low, end } = there.partitions[partition]!;
      if (at < low) return 'lost';
      counts.lag(this.topic, partition, Math.max(0, end - at));
      behind += Math.max(0, end - at);
    }
    if (behind === 0) this.#progressAt = performance.now();
    return performance.now() - this.#progressAt > this.#waitsMs ? 'stalled' : undefined;
  }

  async #take(messages: readonly KafkaMessage[]): Promise<void> {
    const { topic } = this;
    const { positions, counts } = this.#options;
    const { seen, partitions } = this.#position;
    const fresh = messages.filter(
      ({ partition, offset }) => offset >= (partitions[partition]?.next ?? Infinity),
    );
    let isHeld = false;
    const taken = await takeRecords(fresh, (partition) => partitions[partition]!.incarnation, this.#options, {
      signal: this.#stopping.signal,
      onHeld: (why) => {
        isHeld = true;
        counts.state(topic, 'held');
        this.#note(`waits: ${why}`);
      },
    });
    if (isHeld) counts.state(topic, 'running');
    const next: Record<number, PartitionPosition> = { ...partitions };
    let bytes = 0;
    for (const { partition, offset, value } of fresh) {
      next[partition] = { ...partitions[partition]!, next: offset + 1 };
      bytes += value?.length ?? 0;
    }
    this.#position = { seen, partitions: next };
    positions.set(topic, this.#position);
    for (const result of recordResults) counts.records(topic, result, taken[result]);
    counts.bytes(topic, bytes);
  }

  #placesOf({ partitions }: TopicPosition): { topic: string; partition: number; offset: number }[] {
    const { topic } = this;
    return Object.entries(partitions).map(([partition, { next: offset }]) => ({
      topic,
      partition: Number(partition),
      offset,
    }));
  }

  #note(line: string): void {
    if (line === this.#noted) return;
    this.#noted = line;
    this.#options.note(`kafka source ${this.topic}: ${line}`);
  }
}

const reasons: Readonly<Record<RestartReason, string>> = {
  stalled: 'it brings nothing, though there is more',
  'new-partitions': 'the topic has new partitions, which are read from their first record',
  lost: 'what it was to read is not there',
  failed: 'it failed',
};
