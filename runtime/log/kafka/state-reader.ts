import type { LogRecord } from '../log.ts';
import type { ColdReader } from './cold-reader.ts';
import type { KafkaView } from './kafka-view.ts';
import type { LogEnd } from './log-end.ts';
import { statePartitionOf, statesOf } from './state-changelog.ts';

export interface StateReaderOptions {
  /** Kafka's topic of all states. */
  readonly topic: string;
  readonly view: KafkaView;
  readonly cold: ColdReader;
  readonly end: LogEnd;
}

/** Reads back the states that producers committed, each put together from its parts. */
export class StateReader {
  readonly #options: StateReaderOptions;

  constructor(options: StateReaderOptions) {
    this.#options = options;
  }

  /** Behind the last state of a producer. */
  end(producer: string): number {
    return this.#options.view.state(producer)?.end ?? 0;
  }

  /** States of a producer from an offset on, at least one where there is one. */
  async read(producer: string, from: number, maxBytes: number): Promise<readonly LogRecord[]> {
    const { topic, view, cold, end } = this.#options;
    const mark = view.state(producer);
    if (mark === null || from >= mark.end) return [];
    end.refuse();
    const partition = statePartitionOf(producer);
    // Whoever asks for the last one means all its parts.
    let next = Math.min(from, mark.at);
    const read: LogRecord[] = [];
    for (let states: readonly LogRecord[] = []; ;) {
      const records = await cold.read({ topic, partition, from: next, end: mark.end, maxBytes });
      if (records.length === 0) return states;
      read.push(...records);
      next = records.at(-1)!.offset + 1;
      states = statesOf(read, producer);
      if (states.length > 0 || next >= mark.end) return states;
    }
  }

  /** The last state of each producer that is wanted. */
  async last(isWanted: (producer: string) => boolean): Promise<ReadonlyMap<string, Uint8Array>> {
    const { view } = this.#options;
    const states = new Map<string, Uint8Array>();
    await Promise.all(
      [...view.producers()].filter(isWanted).map(async (producer) => {
        const mark = view.state(producer);
        const [last] = mark === null ? [] : await this.read(producer, mark.at, 1 << 20);
        if (last !== undefined) states.set(producer, Uint8Array.from(last.value));
      }),
    );
    return states;
  }
}
