import { ask, type KafkaConnection } from '../../kafka/connection.ts';
import type { DataPlace } from './data-places.ts';
import { firstOffsets } from '../first-offsets.ts';
import type { Marker } from './marker.ts';

export interface RetainedPlace extends DataPlace {
  readonly end: number;
}

interface Weight {
  records: number;
  bytes: number;
}

/** What a record is taken to weigh before anybody has seen one. */
const UNSEEN_BYTES = 1_024;
/** Fewer are not worth a request. */
const LEAST_DROPPED = 1_000;
const WITHIN_MS = 30_000;

/**
 * What readers still need, where partitions begin, and what may go. Kafka does not say how many bytes a partition has: it
 * is judged by what its records weighed that came by or were written, here or in another process of the line.
 */
export class KafkaRetention {
  readonly #connection: KafkaConnection;
  readonly #holds = new Map<string, ReadonlyMap<string, number>>();
  /** What the processes of a shared line need, by partition number; this one among them. */
  readonly #needs = new Map<number, ReadonlyMap<string, number>>();
  readonly #begins = new Map<string, number>();
  readonly #weights = new Map<string, Weight>();
  /** Mean bytes of a record, as other processes have seen them. */
  readonly #told = new Map<string, number>();
  #heard: { readonly key: string; readonly ends: Marker['ends'] }[] = [];

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#holds.set(reader, offsets);
  }

  /** What the log itself says that a savepoint needs; null when that is no more. */
  keep(savepoint: string, holds: ReadonlyMap<string, number> | null): void {
    if (holds === null) this.#holds.delete(savepoint);
    else this.#holds.set(savepoint, holds);
  }

  isHeldFor(reader: string): boolean {
    return this.#holds.has(reader);
  }

  /** The first offset that any reader needs of `topic/partition`; Infinity when none says so. */
  firstHeld(key: string): number {
    let first = Infinity;
    for (const offsets of [...this.#holds.values(), ...this.#needs.values()])
      first = Math.min(first, offsets.get(key) ?? Infinity);
    return first;
  }

  /** What the readers of this process need, all in all. */
  held(): Readonly<Record<string, number>> {
    return Object.fromEntries(firstOffsets([...this.#holds.values()].flatMap((offsets) => [...offsets])));
  }

  begins(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#begins].filter(([, begin]) => begin > 0));
  }

  /** What the process of a partition number needs, as it says itself. */
  neededBy(number: number, needs: Readonly<Record<string, number>>): void {
    this.#needs.set(number, new Map(Object.entries(needs)));
  }

  /** Numbers of which is known what their processes need. */
  get numbersKnown(): number {
    return this.#needs.size;
  }

  knowBegin(place: string, begin: number): void {
    this.#begins.set(place, Math.max(begin, this.begin(place)));
  }

  begin(place: string): number {
    return this.#begins.get(place) ?? 0;
  }

  /** Mean bytes of the records of each place that came by or were written here. */
  weights(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#weights].map(([place, { records, bytes }]) => [place, Math.round(bytes / records)]),
    );
  }

  /** What another process says of records that do not come by here. */
  weighs(place: string, meanBytes: number): void {
    this.#told.set(place, meanBytes);
  }

  /** Records came by, or were written: the mean counts, so it does not matter if both is said. */
  saw(place: string, records: number, bytes: number): void {
    if (records === 0) return;
    let weight = this.#weights.get(place);
    if (weight === undefined) this.#weights.set(place, (weight = { records: 0, bytes: 0 }));
    weight.records += records;
    weight.bytes += bytes;
  }

  /** Bytes of all that is there, judged. */
  bytes(endOf: (place: string) => number): number {
    let bytes = 0;
    for (const place of this.#begins.keys()) bytes += this.#bytesOf(place, endOf(place));
    return Math.round(bytes);
  }

  /** Documents that are remembered by a record of their own for as long as their records are there. */
  heardDocuments(key: string, { ends }: Marker): void {
    this.#heard.push({ key, ends });
  }

  /** Keys of documents whose records are gone, each once. */
  forgettable(): readonly string[] {
    const isGone = ({ ends }: { readonly ends: Marker['ends'] }): boolean =>
      ends.every(([topic, partition, end]) => end <= this.begin(`${topic}/${partition}`));
    const gone = this.#heard.filter(isGone);
    if (gone.length > 0) this.#heard = this.#heard.filter((one) => !isGone(one));
    return gone.map(({ key }) => key);
  }

  /** Drops the same share of every partition until all have `keepBytes`, and nothing that is held. */
  async retain(places: readonly RetainedPlace[], keepBytes: number): Promise<void> {
    const nameOf = ({ place }: RetainedPlace): string => `${place.topic}/${place.partition}`;
    const bytes = places.reduce((sum, one) => sum + this.#bytesOf(nameOf(one), one.end), 0);
    if (bytes <= keepBytes) return;
    const share = 1 - keepBytes / bytes;
    const drops = places.flatMap((one) => {
      const begin = this.begin(nameOf(one));
      const wanted = begin + Math.floor((one.end - begin) * share);
      const offset = Math.min(wanted, this.firstHeld(one.held));
      const least = keepBytes === 0 ? 1 : LEAST_DROPPED;
      return offset - begin >= least ? [{ ...one.place, offset }] : [];
    });
    if (drops.length === 0) return;
    const admin = this.#connection.admin();
    try {
      await ask<unknown>((done) => admin.deleteRecords(drops, { timeout: WITHIN_MS }, done));
    } finally {
      admin.disconnect();
    }
    for (const { topic, partition, offset } of drops) this.knowBegin(`${topic}/${partition}`, offset);
  }

  #bytesOf(place: string, end: number): number {
    const seen = this.#weights.get(place);
    const mean = seen === undefined ? (this.#told.get(place) ?? UNSEEN_BYTES) : seen.bytes / seen.records;
    return Math.max(0, end - this.begin(place)) * mean;
  }
}
