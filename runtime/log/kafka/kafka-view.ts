import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { LogRecord } from '../log.ts';
import { ProducerProgress } from '../producer-progress.ts';
import type { Marker, Promised, StateMark } from './marker.ts';
import { fromKafka } from './kafka-record.ts';
import { TailMemory } from './tail-memory.ts';

/**
 * What this process knows of the log. A commit counts once its marker has been read, and everything that it speaks of in the
 * partitions that this process reads. Of the others it knows from the marker where they end, and whoever reads there waits for
 * the records; so whoever sees a frontier sees what lies below it, in all of them.
 */
export class KafkaView extends ProducerProgress {
  readonly tails: TailMemory;
  readonly #follows: (place: string) => boolean;
  readonly #onCommit: (marker: Marker) => void;
  readonly #readEpochs = new Map<string, number>();
  readonly #states = new Map<string, StateMark>();
  /** Behind what commits that count have written, by place. */
  readonly #ends = new Map<string, number>();
  #pending: Marker[] = [];
  /** Frontiers whose commits do not count yet, the last of each producer. */
  readonly #promised = new Map<string, Promised>();

  constructor(
    memoryBytes: number,
    /** Whether this process reads a partition as it grows; of others nothing is waited for. */
    follows: (place: string) => boolean,
    onCommit: (marker: Marker) => void,
  ) {
    super();
    this.tails = new TailMemory(memoryBytes);
    this.#follows = follows;
    this.#onCommit = onCommit;
  }

  /** Behind the last record of a place that is known to be there. */
  end(place: string): number {
    return Math.max(this.tails.end(place), this.#ends.get(place) ?? 0);
  }

  knowEnd(place: string, end: number): void {
    if (end > (this.#ends.get(place) ?? 0)) this.#ends.set(place, end);
  }

  /** Undefined when some of what is asked for is not in memory. */
  read(place: string, fromOffset: number, maxBytes: number): readonly LogRecord[] | undefined {
    if (this.tails.end(place) < (this.#ends.get(place) ?? 0)) return undefined;
    return this.tails.read(place, fromOffset, maxBytes);
  }

  /** It is not read any more; that it had come so far stays true. */
  leave(place: string): void {
    this.knowEnd(place, this.tails.end(place));
    this.tails.leave(place);
  }

  /** The epoch of what has been read, even if it does not count yet. */
  readEpoch(producer: string): number {
    return this.#readEpochs.get(producer) ?? 0;
  }

  state(producer: string): StateMark | null {
    return this.#states.get(producer) ?? null;
  }

  /** Those too of which a commit was read that does not count yet. */
  readProducers(): Iterable<string> {
    return this.#readEpochs.keys();
  }

  /** Of one place, in order. */
  records(place: string, messages: readonly KafkaMessage[]): void {
    this.tails.push(place, messages.map(fromKafka));
  }

  marker(marker: Marker): void {
    if (marker.epoch <= this.readEpoch(marker.producer)) return;
    this.#readEpochs.set(marker.producer, marker.epoch);
    this.#pending.push(marker);
  }

  promise(promised: Promised): void {
    this.#promised.set(promised.producer, promised);
  }

  /** Takes into account what is complete by now. */
  settle(): void {
    if (this.#pending.length > 0) this.#settleMarkers();
    for (const { producer, epoch, frontier } of this.#promised.values()) {
      if (this.epoch(producer) < epoch) continue;
      this.#promised.delete(producer);
      this.raiseFrontier(producer, frontier);
    }
  }

  #settleMarkers(): void {
    const waiting: Marker[] = [];
    const held = new Set<string>();
    for (const marker of this.#pending) {
      if (held.has(marker.producer) || !this.#isComplete(marker)) {
        held.add(marker.producer);
        waiting.push(marker);
        continue;
      }
      this.count(marker);
    }
    this.#pending = waiting;
  }

  /** Counts a commit, whatever has been read of it. */
  count(marker: Marker): void {
    const { producer, epoch, frontier, state, ends } = marker;
    this.#readEpochs.set(producer, Math.max(epoch, this.readEpoch(producer)));
    if (state !== null) this.#states.set(producer, state);
    for (const [topic, partition, end] of ends) this.knowEnd(`${topic}/${partition}`, end);
    this.committed(producer, epoch, frontier);
    this.#onCommit(marker);
  }

  #isComplete({ ends }: Marker): boolean {
    return ends.every(([topic, partition, end]) => {
      const place = `${topic}/${partition}`;
      return !this.#follows(place) || this.end(place) >= end;
    });
  }
}
