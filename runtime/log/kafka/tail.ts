import type { KafkaConnection } from '../../kafka/connection.ts';
import { isLost, type Place, PullConsumer } from '../../kafka/pull-consumer.ts';
import { type Run, runsOf } from '../../kafka/runs.ts';
import { untilAnswered } from '../../kafka/until-answered.ts';

export interface TailOptions {
  readonly connection: KafkaConnection;
  /** What has come, one partition's records in their order. */
  readonly onRuns: (runs: readonly Run[]) => void;
  /** All that the brokers have sent. */
  readonly onFetched: (runs: readonly Run[]) => void;
  /** A partition has been read to its end for now. */
  readonly onEnd: (place: Place) => void;
  /** It cannot go on. */
  readonly onLost: (error: unknown) => void;
  readonly note: (line: string) => void;
}

const AGAIN_AFTER_MS = 200;

/**
 * Follows the ends of partitions with one consumer: what it brings is committed and durable. Partitions come and go while it reads
 * the others. It can be made anew at any time and goes on where it was, since a client may stall in silence.
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #next = new Map<string, Place>();
  /** Those that the consumer is to begin with, and those that it is to be rid of, at its next turn. */
  readonly #coming = new Map<string, Place>();
  readonly #going = new Map<string, Place>();
  #consumer: PullConsumer | undefined;
  #restarting: Promise<void> | undefined;
  #closed = false;
  #running: Promise<void> = Promise.resolve();
  #generation = 0;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Follows these from their offsets on, beside those that it follows. */
  async follow(places: readonly Place[]): Promise<void> {
    this.#drop(places);
    for (const place of places) this.#coming.set(keyOf(place), place);
    if (this.#consumer === undefined) await this.restart();
    else this.#consumer.interrupt();
  }

  /** What comes of these is passed over from now on. */
  leave(places: readonly Pick<Place, 'topic' | 'partition'>[]): void {
    this.#drop(places);
    this.#consumer?.interrupt();
  }

  follows(place: Pick<Place, 'topic' | 'partition'>): boolean {
    const key = keyOf(place);
    return this.#next.has(key) || this.#coming.has(key);
  }

  /** With a new consumer, from where it was; a broker that is away is waited for. */
  restart(): Promise<void> {
    this.#restarting ??= this.#restart().finally(() => (this.#restarting = undefined));
    return this.#restarting;
  }

  async #restart(): Promise<void> {
    if (this.#closed) return;
    this.#generation += 1;
    const generation = this.#generation;
    await this.#stop();
    const consumer = await this.#opened(generation);
    // The end has come meanwhile.
    if (consumer === undefined || this.#generation !== generation) return consumer?.close();
    this.#consumer = consumer;
    this.#going.clear();
    this.#begin();
    consumer.assign([...this.#next.values()]);
    this.#running = this.#run(consumer, generation);
  }

  #opened(generation: number): Promise<PullConsumer | undefined> {
    return untilAnswered(() => PullConsumer.open(this.#options.connection), {
      isNeeded: () => this.#generation === generation,
      againAfterMs: AGAIN_AFTER_MS,
      onAway: ({ message }) => this.#options.note(`kafka: reading: ${message}`),
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#generation += 1;
    await this.#restarting?.catch(() => undefined);
    await this.#stop();
  }

  async #stop(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.close();
    await this.#running;
  }

  /** Only between two calls of the consumer: what it had brought of a partition before it was left must not be taken for what comes after. */
  #change(consumer: PullConsumer): void {
    if (this.#going.size + this.#coming.size === 0) return;
    const going = [...this.#going.values()];
    const coming = [...this.#coming.values()];
    this.#going.clear();
    this.#begin();
    try {
      if (going.length > 0) consumer.remove(going);
      if (coming.length > 0) consumer.add(coming);
    } catch {
      // Whatever it has by now: all of them anew, from where they are.
      consumer.assign([...this.#next.values()]);
    }
  }

  #drop(places: readonly Pick<Place, 'topic' | 'partition'>[]): void {
    for (const place of places) {
      const key = keyOf(place);
      const read = this.#next.get(key);
      this.#coming.delete(key);
      this.#next.delete(key);
      if (read !== undefined) this.#going.set(key, read);
    }
  }

  #begin(): void {
    for (const [key, place] of this.#coming) this.#next.set(key, place);
    this.#coming.clear();
  }

  #ended(place: Place): void {
    const key = keyOf(place);
    const next = this.#next.get(key);
    if (next === undefined) return;
    if (place.offset > next.offset) this.#next.set(key, place);
    this.#options.onEnd(place);
  }

  async #run(consumer: PullConsumer, generation: number): Promise<void> {
    const { onFetched } = this.#options;
    while (this.#generation === generation && this.#consumer === consumer) {
      try {
        this.#change(consumer);
        const { messages, ends } = await consumer.pull(1_000);
        const runs = runsOf(messages);
        onFetched(runs);
        if (runs.length > 0) this.#take(runs);
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

  #take(runs: readonly Run[]): void {
    this.#options.onRuns(runs.flatMap((run) => this.#fresh(run) ?? []));
  }

  /** What of it is followed, and was not read before. */
  #fresh(run: Run): Run | undefined {
    const { topic, partition, place, messages } = run;
    const next = this.#next.get(place);
    const last = messages.at(-1)!.offset;
    if (next === undefined || last < next.offset) return undefined;
    this.#next.set(place, { topic, partition, offset: last + 1 });
    if (messages[0]!.offset >= next.offset) return run;
    return { ...run, messages: messages.filter(({ offset }) => offset >= next.offset) };
  }
}

const keyOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${topic}/${partition}`;
