import type { Catalogue } from './catalogue.ts';
import { stateTopic } from './state-topic.ts';

/** What readers still need of the journal, and so from where on it must be kept. */
export class Retention {
  readonly #catalogue: Catalogue;
  readonly #holds = new Map<string, ReadonlyMap<string, number>>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** First offsets that a reader needs, by `topic/partition`; they replace what it said before. */
  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#holds.set(reader, offsets);
  }

  /** The first journal position that is needed, at most `wanted`. */
  firstNeeded(wanted: number): number {
    let position = wanted;
    // The last state of a producer is all that it has, whoever it is.
    for (const producer of this.#catalogue.producers()) {
      const topic = stateTopic(producer);
      const last = this.#catalogue.end(topic, 0) - 1;
      position = Math.min(position, this.#catalogue.positionOf(`${topic}/0`, last));
    }
    for (const offsets of this.#holds.values()) {
      for (const [key, offset] of offsets)
        position = Math.min(position, this.#catalogue.positionOf(key, offset));
    }
    return position;
  }
}
