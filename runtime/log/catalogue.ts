import type { FrameOutline } from './frame.ts';
import { ProducerProgress } from './producer-progress.ts';
import { RunIndex } from './run-index.ts';

/**
 * What the durable frames say: where the records of each partition lie, who wrote them, and how far each producer has
 * come. Only what was admitted can be seen by a reader.
 */
export class Catalogue extends ProducerProgress {
  readonly #indexes = new Map<string, RunIndex>();
  /** Ends as readers may see them, by `topic/partition`. */
  readonly #ends = new Map<string, number>();
  /** Offsets given out to frames that may not be durable yet. */
  readonly #given = new Map<string, number>();
  readonly #producers: string[] = [];
  readonly #producerIds = new Map<string, number>();

  index(topic: string, partition: number): RunIndex {
    const key = `${topic}/${partition}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = new RunIndex();
      this.#indexes.set(key, index);
    }
    return index;
  }

  end(topic: string, partition: number): number {
    return this.#ends.get(`${topic}/${partition}`) ?? 0;
  }

  /** Gives out the next offsets of a partition. */
  reserve(topic: string, partition: number, count: number): number {
    const key = `${topic}/${partition}`;
    const base = this.#given.get(key) ?? this.end(topic, partition);
    this.#given.set(key, base + count);
    return base;
  }

  ends(): Iterable<{ readonly topic: string; readonly partition: number; readonly end: number }> {
    return [...this.#ends].map(([key, end]) => {
      const slash = key.lastIndexOf('/');
      return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)), end };
    });
  }

  /** Name of a producer as a run knows it. */
  producerOf(id: number): string {
    return this.#producers[id]!;
  }

  /** Makes a durable frame visible. */
  admit(frame: FrameOutline, position: number): void {
    let producer = this.#producerIds.get(frame.producer);
    if (producer === undefined) {
      producer = this.#producers.push(frame.producer) - 1;
      this.#producerIds.set(frame.producer, producer);
    }
    for (const { topic, partition, baseOffset, count, start, bytes } of frame.runs) {
      this.index(topic, partition).push(baseOffset, count, position + start, bytes, producer);
      this.#ends.set(`${topic}/${partition}`, baseOffset + count);
    }
    if (frame.kind !== 'commit') return;
    this.committed(frame.producer, frame.epoch, frame.frontier);
  }

  /** Journal position of the first record at or after an offset; Infinity when there is none. */
  positionOf(partitionKey: string, offset: number): number {
    return this.#indexes.get(partitionKey)?.positionOf(offset) ?? Infinity;
  }

  dropBefore(position: number): void {
    for (const index of this.#indexes.values()) index.dropBefore(position);
  }
}
