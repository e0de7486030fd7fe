import type { Run } from '../../kafka/runs.ts';
import type { Brought } from '../log.ts';

/** What the brokers have sent to this process, by Kafka's topic and partition: whoever reads it, and if nobody does. */
export class Fetched {
  readonly #places = new Map<string, { records: number; bytes: number }>();

  count(runs: readonly Run[]): void {
    for (const { place, messages } of runs) {
      let brought = this.#places.get(place);
      if (brought === undefined) this.#places.set(place, (brought = { records: 0, bytes: 0 }));
      brought.records += messages.length;
      for (const { size } of messages) brought.bytes += size;
    }
  }

  get places(): ReadonlyMap<string, Brought> {
    return this.#places;
  }
}
