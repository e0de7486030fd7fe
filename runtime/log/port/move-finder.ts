import type { Clock } from '../../clock.ts';
import type { Log } from '../log.ts';
import { stateTopic } from '../state-topic.ts';
import type { Moves, ProducerMove } from './messages.ts';

type Looked = Pick<Log, 'end' | 'epoch' | 'frontier' | 'closedUntil'> & { readonly clock: Clock };

interface Place {
  readonly topic: string;
  readonly partition: number;
  end: number;
}

/** Finds what became otherwise in a log since it was looked at last; at first everything that is not at its beginning. */
export class MoveFinder {
  readonly #log: Looked;
  readonly #places: readonly Place[];
  readonly #producers: { -readonly [K in keyof ProducerMove]: ProducerMove[K] }[];
  readonly #stateTopics: readonly string[];

  constructor(log: Looked, topics: Readonly<Record<string, number>>, producers: readonly string[]) {
    this.#log = log;
    this.#places = Object.entries(topics).flatMap(([topic, partitions]) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition, end: 0 })),
    );
    this.#producers = producers.map((producer) => ({
      producer,
      epoch: 0,
      frontier: -Infinity,
      stateEnd: 0,
    }));
    this.#stateTopics = producers.map(stateTopic);
  }

  /** All of one moment: what lies at or below a frontier is before the end. */
  find(): Moves {
    const log = this.#log;
    const producers: ProducerMove[] = [];
    for (const [index, known] of this.#producers.entries()) {
      const epoch = log.epoch(known.producer);
      const frontier = log.frontier(known.producer);
      const stateEnd = log.end(this.#stateTopics[index]!, 0);
      if (epoch === known.epoch && frontier === known.frontier && stateEnd === known.stateEnd) continue;
      known.epoch = epoch;
      known.frontier = frontier;
      known.stateEnd = stateEnd;
      producers.push({ ...known });
    }
    const ends: [string, number, number][] = [];
    for (const place of this.#places) {
      const end = log.end(place.topic, place.partition);
      if (end === place.end) continue;
      place.end = end;
      ends.push([place.topic, place.partition, end]);
    }
    return { ends, producers, closedUntil: log.closedUntil, now: log.clock.now() };
  }
}
