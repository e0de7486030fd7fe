import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { LogRecord } from '../log.ts';
import { ProducerProgress } from '../producer-progress.ts';
import type { Marker, Promised, StateMark } from './marker.ts';
import { isHeard } from './kafka-names.ts';
import { fromKafka } from './kafka-record.ts';
import { TailMemory } from './tail-memory.ts';
import type { TakenBack } from './taken-back.ts';

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
  /** Those of commits; what was told without one does not outlast the process. */
  readonly #committedFrontiers = new Map<string, number>();
  /** Producers that have committed nothing since the log was taken back. */
  readonly #setBack = new Set<string>();
  /** Behind what commits that count have written, by place. */
  readonly #ends = new Map<string, number>();
  #pending: Marker[] = [];
  /** Frontiers whose commits do not count yet, the last of each producer. */
  readonly #promised = new Map<string, Promised>();
  #takenBack: TakenBack | undefined;

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
    const known = this.#takenBack === undefined ? end : this.#takenBack.end(place, end);
    if (known > (this.#ends.get(place) ?? 0)) this.#ends.set(place, known);
  }

  /** What is left out of the log; undefined where it was never taken back. */
  get takenBack(): TakenBack | undefined {
    return this.#takenBack;
  }

  /** How often the log was taken back to a savepoint. */
  get generation(): number {
    return this.#takenBack?.facts.generation ?? 0;
  }

  /** Known once, when it begins and has read no records yet. */
  takeBack(takenBack: TakenBack): void {
    this.#takenBack = takenBack;
    for (const [place, end] of this.#ends) this.#ends.set(place, takenBack.end(place, end));
    // Markers of what came from outside may be gone, and none says then that it came so far.
    for (const { place, until } of takenBack.facts.ranges) this.knowEnd(place, until);
  }

  /** Somebody has committed as a task since the log was taken back. */
  get hasGoneOn(): boolean {
    return [...this.producers()].some((producer) => !isHeard(producer) && !this.#setBack.has(producer));
  }

  /** Frontier of the last commit of a producer that counts. */
  committedFrontier(producer: string): number {
    return this.#committedFrontiers.get(producer) ?? -Infinity;
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
    const records = messages.map(fromKafka);
    this.tails.push(place, this.#takenBack === undefined ? records : this.#takenBack.kept(place, records));
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
    const { producer, epoch, frontier, state, ends, takesBack = false } = marker;
    if (takesBack) this.#forget(producer);
    else this.#setBack.delete(producer);
    this.#committedFrontiers.set(producer, frontier);
    this.#readEpochs.set(producer, Math.max(epoch, this.readEpoch(producer)));
    if (state !== null) this.#states.set(producer, state);
    for (const [topic, partition, end] of ends) this.knowEnd(`${topic}/${partition}`, end);
    if (takesBack) this.setBack(producer, epoch, frontier);
    else this.committed(producer, epoch, frontier);
    this.#onCommit(marker);
  }

  #forget(producer: string): void {
    this.#setBack.add(producer);
    this.#readEpochs.delete(producer);
    this.#states.delete(producer);
  }

  #isComplete({ ends }: Marker): boolean {
    return ends.every(([topic, partition, end]) => {
      const place = `${topic}/${partition}`;
      return !this.#follows(place) || this.end(place) >= end;
    });
  }
}
