import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../../forewarn-error.ts';
import type { Place } from '../../kafka/pull-consumer.ts';
import type { DataPlace } from './data-places.ts';
import { EXTERNAL, HEARD, type KafkaNames } from './kafka-names.ts';
import type { KafkaProbe } from './kafka-probe.ts';
import type { KafkaReader } from './kafka-reader.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import type { KafkaView } from './kafka-view.ts';
import type { Lanes } from './lanes.ts';
import { heardOf } from './marker.ts';
import type { Stampers } from './stampers.ts';

export interface RecoveryOptions {
  readonly names: KafkaNames;
  readonly places: readonly DataPlace[];
  readonly probe: KafkaProbe;
  readonly lanes: Lanes;
  readonly view: KafkaView;
  readonly reader: KafkaReader;
  readonly retention: KafkaRetention;
  /** Where processes share the line. */
  readonly stampers: Stampers | undefined;
}

/** What the markers said. */
export interface ReadMarkers {
  /** Behind what is known to be committed, by place. */
  readonly ends: ReadonlyMap<string, number>;
  /** From where the topics of markers are to be followed. */
  readonly next: readonly Place[];
}

/**
 * Brings back what was committed when a process begins, in three steps: first those are fenced that had its producers before,
 * then the markers are read that say what counts, then the records that came after them.
 */
export class Recovery {
  readonly #options: RecoveryOptions;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Nobody of before can commit as one of these producers any more, and what they had begun is ended. */
  async fence(owns: (producer: string) => boolean): Promise<void> {
    const { names, probe, lanes } = this.#options;
    const mine = new Set<string>();
    // Also of transactions that were never ended, which hold back all that lies behind them.
    await probe.readAll(names.commits, 'uncommitted', ({ key }) => {
      const producer = key?.toString() ?? '';
      if (owns(producer)) mine.add(producer);
    });
    if (owns(EXTERNAL)) mine.add(HEARD);
    await Promise.all([...mine].map((producer) => lanes.of(producer).claim()));
  }

  /** Counts the last commit of each producer. */
  async readMarkers(): Promise<ReadMarkers> {
    const { names, probe, view, stampers } = this.#options;
    const ends = new Map<string, number>();
    const take = (message: KafkaMessage): void => {
      const said = heardOf(message);
      if (said === null || 'needs' in said) return;
      if ('producer' in said) {
        if (said.epoch > view.epoch(said.producer)) view.count(said);
        for (const [topic, partition, end] of said.ends) {
          const place = `${topic}/${partition}`;
          ends.set(place, Math.max(end, ends.get(place) ?? 0));
        }
      }
      if (said.sharing !== undefined) stampers?.heard(said.sharing, said.frontier);
    };
    const next: Place[] = [];
    for (const topic of [names.commits, names.heard])
      next.push({ topic, partition: 0, offset: await probe.readAll(topic, 'committed', take) });
    view.settle();
    if (stampers !== undefined) {
      const topic = names.frontiers;
      next.push({ topic, partition: 0, offset: (await probe.watermarks(topic, 0)).high });
    }
    return { ends, next };
  }

  /** Follows everything, and resolves when all partitions have been read to where they ended at the begin. */
  async catchUp({ ends, next }: ReadMarkers): Promise<void> {
    const { places, probe, retention } = this.#options;
    const begun = await Promise.all(
      places.map(async ({ place: { topic, partition } }): Promise<Begun> => {
        const { low, high } = await probe.watermarks(topic, partition);
        const place = `${topic}/${partition}`;
        const end = ends.get(place) ?? 0;
        if (end > high) throw cut(place, end, high);
        retention.knowBegin(place, low);
        return { topic, partition, known: Math.max(low, end), end, high };
      }),
    );
    await this.#readEnds(begun, LAST_OFFSETS, next);
  }

  /**
   * What other programs wrote meanwhile is read when a task comes to it; of all that only the end must be known. The end of a
   * transaction counts as an offset too, so the last record may lie further back than was looked.
   */
  async #readEnds(begun: readonly Begun[], back: number, others: readonly Place[]): Promise<void> {
    const { view, reader } = this.#options;
    const from = begun.map(({ topic, partition, known, end, high }) => {
      const offset = Math.max(known, high - back);
      view.tails.begin(`${topic}/${partition}`, offset, end);
      return { topic, partition, offset };
    });
    await reader.follow([...from, ...others]);
    await reader.readTo(begun.map(({ topic, partition, high }) => ({ topic, partition, offset: high })));
    const unfound = begun.filter(({ topic, partition, known }, index) => {
      const { offset } = from[index]!;
      return offset > known && view.tails.end(`${topic}/${partition}`) <= offset;
    });
    if (unfound.length > 0) await this.#readEnds(unfound, back * 16, []);
  }
}

/** A partition as it was found: what is known to be committed ends at `end`, and all that was ever written at `high`. */
interface Begun {
  readonly topic: string;
  readonly partition: number;
  /** First offset that is there and of which nothing is known. */
  readonly known: number;
  readonly end: number;
  readonly high: number;
}

const LAST_OFFSETS = 1_000;

const cut = (place: string, known: number, high: number): ForewarnError =>
  new ForewarnError(
    'FW301',
    `Kafka topic ${place} ends at ${high}, and offset ${known - 1} was committed: it was deleted or cut; restore it, or start with an empty prefix`,
  );
