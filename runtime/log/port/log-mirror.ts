import { ProducerProgress } from '../producer-progress.ts';
import { stateTopic } from '../state-topic.ts';
import type { Moves } from './messages.ts';

/** How the log stands, as a thread was told last: ends, epochs and frontiers of one moment. */
export class LogMirror extends ProducerProgress {
  readonly #ends = new Map<string, number>();
  #closedUntil = -Infinity;
  #now = -Infinity;

  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** By the log's clock. */
  get now(): number {
    return this.#now;
  }

  end(topic: string, partition: number): number {
    return this.#ends.get(`${topic}/${partition}`) ?? 0;
  }

  take({ ends, producers, closedUntil, now }: Moves): void {
    for (const [topic, partition, end] of ends) this.#ends.set(`${topic}/${partition}`, end);
    for (const { producer, epoch, frontier, stateEnd } of producers) {
      this.committed(producer, epoch, frontier);
      this.#ends.set(`${stateTopic(producer)}/0`, stateEnd);
    }
    this.#closedUntil = closedUntil;
    this.#now = now;
  }
}
