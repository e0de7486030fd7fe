import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { isLost, type Place, PullConsumer } from '../../kafka/pull-consumer.ts';

export interface TailOptions {
  readonly connection: KafkaConnection;
  /** What has come, one partition's records in their order. */
  readonly onMessages: (messages: readonly KafkaMessage[]) => void;
  /** A partition has been read to its end for now. */
  readonly onEnd: (place: Place) => void;
  /** It cannot go on. */
  readonly onLost: (error: unknown) => void;
  readonly note: (line: string) => void;
}

const AGAIN_AFTER_MS = 200;

/**
 * Follows the ends of all partitions with one consumer: what it brings is committed and durable, and the only thing that
 * counts as being there. It can be made anew at any time and goes on where it was, since a client may stall in silence.
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #next = new Map<string, Place>();
  #consumer: PullConsumer | undefined;
  #running: Promise<void> = Promise.resolve();
  #generation = 0;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Follows these from their offsets on, beside those that it follows. */
  async follow(places: readonly Place[]): Promise<void> {
    for (const place of places) this.#next.set(keyOf(place), place);
    await this.restart();
  }

  /** With a new consumer, from where it was; a broker that is away is waited for. */
  async restart(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    await this.#stop();
    const consumer = await this.#opened(generation);
    // Another restart, or the end, has come meanwhile.
    if (consumer === undefined || this.#generation !== generation) return consumer?.close();
    this.#consumer = consumer;
    consumer.assign([...this.#next.values()]);
    this.#running = this.#run(consumer, generation);
  }

  async #opened(generation: number): Promise<PullConsumer | undefined> {
    while (this.#generation === generation) {
      try {
        return await PullConsumer.open(this.#options.connection);
      } catch (error) {
        if (!(error instanceof ForewarnError) || !error.retry) throw error;
        this.#options.note(`kafka: reading: ${error.message}`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#generation += 1;
    await this.#stop();
  }

  async #stop(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.close();
    await this.#running;
  }

  #ended(place: Place): void {
    const key = keyOf(place);
    const next = this.#next.get(key);
    if (next === undefined) return;
    if (place.offset > next.offset) this.#next.set(key, place);
    this.#options.onEnd(place);
  }

  async #run(consumer: PullConsumer, generation: number): Promise<void> {
    while (this.#generation === generation && this.#consumer === consumer) {
      try {
        const { messages, ends } = await consumer.pull(1_000);
        if (messages.length > 0) this.#take(messages);
        for (const place of ends) this.#ended(place);
      } catch (error) {
        if (this.#consumer !== consumer) return;
        if (isLost(error)) {
          this.#options.onLost(error);
          return;
        }
        // The client mends it by itself, however long the broker is away.
        this.#options.note(`kafka: reading: ${error instanceof Error ? error.message : String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      }
    }
  }

  #take(messages: readonly KafkaMessage[]): void {
    const fresh = messages.filter(({ topic, partition, offset }) => {
      const next = this.#next.get(keyOf({ topic, partition }));
      return next !== undefined && offset >= next.offset;
    });
    for (const { topic, partition, offset } of fresh)
      this.#next.set(keyOf({ topic, partition }), { topic, partition, offset: offset + 1 });
    this.#options.onMessages(fresh);
  }
}

const keyOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${topic}/${partition}`;
