import type { Outgoing } from '../../kafka/transactional-producer.ts';
import { HEARD, type KafkaNames } from './kafka-names.ts';
import type { KafkaReader } from './kafka-reader.ts';
import type { KafkaView } from './kafka-view.ts';
import type { Lanes } from './lanes.ts';
import { type DocumentMark, endsOf, markerRecord } from './marker.ts';

export interface HeardGroupsOptions {
  readonly names: KafkaNames;
  readonly view: KafkaView;
  readonly reader: KafkaReader;
  readonly lanes: Lanes;
}

/** The key under which the documents of a group are remembered. Groups without any replace each other. */
export const documentsKey = (epoch: number): string => `documents#${epoch}`;

/** Commits what came from outside, group by group, each with a marker that says how late it was and which documents came. */
export class HeardGroups {
  readonly #options: HeardGroupsOptions;
  /** Epoch of the last group. */
  #epoch = 0;
  /** Keys of documents that are to be forgotten with the next group. */
  #forgotten: readonly string[] = [];

  constructor(options: HeardGroupsOptions) {
    this.#options = options;
  }

  /** The last group that was committed before. */
  goOnFrom(epoch: number): void {
    this.#epoch = epoch;
  }

  forget(keys: readonly string[]): void {
    this.#forgotten = [...this.#forgotten, ...keys];
  }

  /** Resolves the offsets of the records when they have come back through the reader. */
  async commit(
    records: readonly Outgoing[],
    time: number,
    documentsOf: (offsets: readonly number[]) => readonly DocumentMark[],
  ): Promise<readonly number[]> {
    const { names, view, reader, lanes } = this.#options;
    const topic = names.heard;
    const epoch = this.#epoch + 1;
    const forgotten = this.#forgotten;
    this.#forgotten = [];
    const tombstones = forgotten.map((key) => ({ topic, partition: 0, key, value: null, headers: [] }));
    const offsets = await lanes.of(HEARD).commit({
      producer: HEARD,
      epoch,
      records: [...records, ...tombstones],
      marker: (known) => {
        const documents = documentsOf(known);
        const key = documents.length === 0 ? 'tick' : documentsKey(epoch);
        const ends = endsOf(records, known);
        return markerRecord(topic, key, {
          producer: HEARD,
          epoch,
          frontier: time,
          ends,
          state: null,
          documents,
        });
      },
    });
    this.#epoch = epoch;
    await reader.until(() => view.epoch(HEARD) >= epoch);
    return offsets;
  }
}
