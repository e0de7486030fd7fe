import type { Outgoing } from '../../kafka/outgoing.ts';
import { HEARD, heardBy, type KafkaNames } from './kafka-names.ts';
import type { KafkaReader } from './kafka-reader.ts';
import type { KafkaView } from './kafka-view.ts';
import type { Lanes } from './lanes.ts';
import { type DocumentMark, endsOf, markerRecord, type Sharing } from './marker.ts';

export interface HeardGroupsOptions {
  readonly names: KafkaNames;
  readonly view: KafkaView;
  readonly reader: KafkaReader;
  readonly lanes: Lanes;
}

/** The key under which the documents of a group are remembered. Groups without any replace each other. */
export const documentsKey = (producer: string, epoch: number): string =>
  producer === HEARD ? `documents#${epoch}` : `documents${producer.slice(HEARD.length)}#${epoch}`;

const timeKey = (producer: string): string =>
  producer === HEARD ? 'tick' : `tick${producer.slice(HEARD.length)}`;

export interface HeardGroup {
  /** Who commits it: the only process, or the one that has a partition number. */
  readonly producer: string;
  /** They want their offsets. */
  readonly records: readonly Outgoing[];
  readonly time: number;
  readonly sharing?: Sharing | undefined;
}

/** Commits what came from outside, group by group, each with a marker that says how late it was and which documents came. */
export class HeardGroups {
  readonly #options: HeardGroupsOptions;
  /** Epoch of the last group, by who commits it. */
  readonly #epochs = new Map<string, number>();
  /** Keys of documents that are to be forgotten with the next group. */
  #forgotten: readonly string[] = [];

  constructor(options: HeardGroupsOptions) {
    this.#options = options;
  }

  /** The last group that was committed before. */
  goOnFrom(producer: string, epoch: number): void {
    this.#epochs.set(producer, epoch);
  }

  /** Makes a partition number this process's, in the order in which everybody reads, and says how late it is. */
  async claim(number: number, sharing: Sharing, time: number): Promise<void> {
    const { names, view, reader, lanes } = this.#options;
    const producer = heardBy(number);
    const epoch = view.epoch(producer) + 1;
    const marker = { producer, epoch, frontier: time, ends: [], state: null, documents: [], sharing };
    await lanes.of(producer).commit({
      producer,
      epoch,
      records: [],
      marker: () => markerRecord(names.heard, `claim/${number}`, marker),
    });
    this.goOnFrom(producer, epoch);
    await reader.until(() => view.epoch(producer) >= epoch);
  }

  forget(keys: readonly string[]): void {
    this.#forgotten = [...this.#forgotten, ...keys];
  }

  /** Resolves the offsets of the records when they have come back through the reader. */
  async commit(
    { producer, records, time, sharing }: HeardGroup,
    documentsOf: (offsets: readonly number[]) => readonly DocumentMark[],
  ): Promise<readonly number[]> {
    const { names, view, reader, lanes } = this.#options;
    const topic = names.heard;
    const epoch = (this.#epochs.get(producer) ?? 0) + 1;
    const forgotten = this.#forgotten;
    this.#forgotten = [];
    const tombstones = forgotten.map((key) => ({ topic, partition: 0, key, value: null, headers: [] }));
    const offsets = await lanes.of(producer).commit({
      producer,
      epoch,
      records: [...records, ...tombstones],
      marker: (written) => {
        const documents = documentsOf(written.offsets);
        const key = documents.length === 0 ? timeKey(producer) : documentsKey(producer, epoch);
        const ends = endsOf(records, written.ends);
        return markerRecord(topic, key, {
          producer,
          epoch,
          frontier: time,
          ends,
          state: null,
          documents,
          ...(sharing === undefined ? {} : { sharing }),
        });
      },
    });
    this.goOnFrom(producer, epoch);
    await reader.until(() => view.epoch(producer) >= epoch);
    return offsets;
  }
}
