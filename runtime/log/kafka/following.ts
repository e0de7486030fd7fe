import { ForewarnError } from '../../forewarn-error.ts';
import type { Place } from '../../kafka/pull-consumer.ts';
import type { DataPlace } from './data-places.ts';
import type { KafkaProbe } from './kafka-probe.ts';
import type { KafkaReader } from './kafka-reader.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import type { KafkaView } from './kafka-view.ts';

export interface FollowingOptions {
  readonly places: readonly DataPlace[];
  readonly probe: KafkaProbe;
  readonly view: KafkaView;
  readonly reader: KafkaReader;
  readonly retention: KafkaRetention;
}

/** Every partition of a line, whoever wants it. */
export const EVERYTHING = 'everything';

/**
 * Which partitions this process reads as they grow: those that a reader in it wants. Of the others it knows from the markers where
 * they end, and reads them only when it is asked; so a process is not brought what the tasks of others need.
 */
export class Following {
  readonly #options: FollowingOptions;
  readonly #placesByName: ReadonlyMap<string, DataPlace['place']>;
  /** First offsets that each reader wants, by `tracking/0`. */
  readonly #wanted = new Map<string, ReadonlyMap<string, number>>();
  /** Kafka's topics and partitions that are read now. */
  readonly #followed = new Set<string>();
  #changing: Promise<void> = Promise.resolve();

  constructor(options: FollowingOptions) {
    this.#options = options;
    this.#placesByName = new Map(options.places.map(({ held, place }) => [held, place]));
  }

  follows(place: string): boolean {
    return this.#followed.has(place);
  }

  /** Follows everything, and these others beside; resolves when all of it has been read to where it ended at the call. */
  async begin(others: readonly Place[]): Promise<void> {
    const all = [...this.#placesByName.keys()];
    this.#wanted.set(EVERYTHING, new Map(all.map((name) => [name, Infinity])));
    await this.#add(all, others);
  }

  /** These replace what the reader wanted before. Resolves when their newest records have been read; what is left, is left at once. */
  follow(reader: string, from: ReadonlyMap<string, number>): Promise<void> {
    const names = new Map([...from].filter(([name]) => this.#placesByName.has(name)));
    if (names.size === 0) this.#wanted.delete(reader);
    else this.#wanted.set(reader, names);
    this.#leaveUnwanted();
    const added = this.#changing.then(() => this.#add([...names.keys()], []));
    this.#changing = added.catch(() => undefined);
    return added;
  }

  #leaveUnwanted(): void {
    const { view, reader } = this.#options;
    const left: DataPlace['place'][] = [];
    for (const [name, place] of this.#placesByName) {
      const key = keyOf(place);
      if (!this.#followed.has(key) || this.#firstWanted(name) !== undefined) continue;
      this.#followed.delete(key);
      view.leave(key);
      left.push(place);
    }
    if (left.length > 0) reader.leave(left);
  }

  /** Undefined of what nobody wants. */
  #firstWanted(name: string): number | undefined {
    let first: number | undefined;
    for (const names of this.#wanted.values()) {
      const from = names.get(name);
      if (from !== undefined) first = Math.min(from, first ?? Infinity);
    }
    return first;
  }

  async #add(names: readonly string[], others: readonly Place[]): Promise<void> {
    const { probe, view, retention } = this.#options;
    const missing = names.filter((name) => !this.#followed.has(keyOf(this.#placesByName.get(name)!)));
    const probed = await Promise.all(
      missing.map(async (name): Promise<Probed> => {
        const { topic, partition } = this.#placesByName.get(name)!;
        const place = `${topic}/${partition}`;
        const known = view.end(place);
        const { low, high } = await probe.watermarks(topic, partition);
        if (known > high) throw cut(place, known, high);
        retention.knowBegin(place, low);
        return { name, topic, partition, low, high };
      }),
    );
    // Meanwhile a number may have been lost.
    const wanted = probed.filter(({ name }) => this.#firstWanted(name) !== undefined);
    if (wanted.length + others.length > 0) await this.#readEnds(wanted, LAST_OFFSETS, others);
  }

  /**
   * From where it is wanted, but of what lies further back only the end must be known: readers read it when they come to it. The end
   * of a transaction counts as an offset too, so the last record may lie further back than was looked.
   */
  async #readEnds(probed: readonly Probed[], back: number, others: readonly Place[]): Promise<void> {
    const { view, reader } = this.#options;
    const begun = probed.map(({ name, topic, partition, low, high }): Begun => {
      const place = `${topic}/${partition}`;
      const end = view.end(place);
      // Of what is left out nothing is behind the last that stays.
      const known = Math.max(low, end, view.takenBack?.of(place)?.until ?? 0);
      const wanted = Math.max(low, Math.min(end, this.#firstWanted(name) ?? Infinity));
      const offset = Math.max(wanted, high - back);
      view.tails.begin(place, offset, Math.min(offset, end));
      this.#followed.add(place);
      return { topic, partition, offset, known };
    });
    await reader.follow([...begun, ...others]);
    await reader.readTo(probed.map(({ topic, partition, high }) => ({ topic, partition, offset: high })));
    const unfound = probed.filter((one, index) => {
      const { offset, known } = begun[index]!;
      const place = keyOf(one);
      return this.#followed.has(place) && offset > known && view.tails.end(place) <= offset;
    });
    if (unfound.length > 0) await this.#readEnds(unfound, back * 16, []);
  }
}

/** A partition as it was found: `high` is behind all that was ever written, committed or not. */
interface Probed {
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** From where it is read, and the first offset that is there and of which nothing is known. */
interface Begun extends Place {
  readonly known: number;
}

const keyOf = ({ topic, partition }: DataPlace['place']): string => `${topic}/${partition}`;

const LAST_OFFSETS = 1_000;

const cut = (place: string, known: number, high: number): ForewarnError =>
  new ForewarnError(
    'FW301',
    `Kafka topic ${place} ends at ${high}, and offset ${known - 1} was committed: it was deleted or cut; restore it, or start with an empty prefix`,
  );
