import type { Outgoing } from '../../kafka/outgoing.ts';
import type { Written } from '../../kafka/written.ts';
import type { KafkaMessage } from '@confluentinc/kafka-javascript';

/**
 * What a transaction says of itself, written as its last record: whoever has read it and everything below `ends` has
 * read all that its producer wrote up to `frontier`.
 */
export interface Marker {
  readonly producer: string;
  readonly epoch: number;
  /** For `external`: log time. */
  readonly frontier: number;
  /** Next offsets behind what the transaction wrote, by Kafka topic and partition. */
  readonly ends: readonly (readonly [topic: string, partition: number, end: number])[];
  readonly state: StateMark | null;
  /** Sender's ids of what was appended. */
  readonly documents: readonly DocumentMark[];
  /** Of what came from outside, where processes share a line. */
  readonly sharing?: Sharing;
  /** The log was taken back: the producer is where this says, wherever it had come before. */
  readonly takesBack?: true;
}

/** For which partition numbers a frontier is said, and by whom. */
export interface Sharing {
  /** This run of a process. */
  readonly owner: string;
  readonly numbers: readonly number[];
  /** The number that is its own from this record on. */
  readonly claims?: number;
}

/** Time that went on without a record. */
export interface Tick {
  readonly sharing: Sharing;
  readonly frontier: number;
}

/** Where the state of a producer lies in its partition of the state topic. */
export interface StateMark {
  /** First record of the last state, and the offset behind its last. */
  readonly at: number;
  readonly end: number;
  /** First epoch whose state is still there. */
  readonly from: number;
  /** Records of the state that had the most. */
  readonly parts: number;
  /** Of a producer that was taken back: behind all that its partition had held by then. */
  readonly reached?: number;
}

export interface DocumentMark {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly heardAt: number;
}

type MarkerJson = Omit<Marker, 'producer' | 'frontier'> & { readonly frontier: string };

export const markerRecord = (topic: string, key: string, marker: Marker): Outgoing => {
  const { producer, frontier, ...rest } = marker;
  // Not all frontiers are numbers in JSON.
  const written: MarkerJson & { readonly producer: string } = {
    producer,
    frontier: String(frontier),
    ...rest,
  };
  return {
    topic,
    partition: 0,
    key,
    value: Buffer.from(JSON.stringify(written)),
    headers: [],
  };
};

export const tickValue = (tick: Tick): Buffer => Buffer.from(JSON.stringify({ tick }));

/** What the readers of a process still need, where it has cut partitions, and what it has seen in them, by place. */
export interface Needs {
  readonly sharing: Sharing;
  /** First offsets. */
  readonly needs: Readonly<Record<string, number>>;
  readonly begins: Readonly<Record<string, number>>;
  /** Mean bytes of a record, of partitions that it reads; left out by processes of before. */
  readonly weights?: Readonly<Record<string, number>>;
}

export const needsValue = (needs: Needs): Buffer => Buffer.from(JSON.stringify({ needs }));

/** Null for the tombstone of one. */
export const markerOf = ({ value }: Pick<KafkaMessage, 'value'>): Marker | null => {
  const said = heardOf({ value });
  return said !== null && 'producer' in said ? said : null;
};

/** What a record of the topics of markers says. */
export const heardOf = ({ value }: Pick<KafkaMessage, 'value'>): Marker | Tick | Needs | null => {
  if (value === null || value.length === 0) return null;
  const written = JSON.parse(value.toString()) as
    | (MarkerJson & { readonly producer: string })
    | { readonly tick: Tick }
    | { readonly needs: Needs };
  if ('tick' in written) return written.tick;
  if ('needs' in written) return written.needs;
  return { ...written, frontier: Number(written.frontier) };
};

/** A frontier that moved without a commit: it counts once the commits up to `epoch` do. */
export interface Promised {
  readonly producer: string;
  readonly epoch: number;
  readonly frontier: number;
}

/** With how often the log had been taken back: epochs of before then are others. */
export const promisesValue = (promises: readonly Promised[], generation: number): Buffer =>
  Buffer.from(
    JSON.stringify(
      promises.map(({ producer, epoch, frontier }) => [producer, epoch, frontier, generation] as const),
    ),
  );

/** Those of a generation. */
export const promisesOf = (
  { value }: Pick<KafkaMessage, 'value'>,
  generation: number,
): readonly Promised[] => {
  if (value === null || value.length === 0) return [];
  const written = JSON.parse(value.toString()) as readonly (readonly [string, number, number, number?])[];
  return written.flatMap(([producer, epoch, frontier, of = 0]) =>
    of === generation ? [{ producer, epoch, frontier }] : [],
  );
};

/** Next offsets behind records of a transaction that came to lie so, by place. */
export const endsOf = (records: readonly Outgoing[], written: Written['ends']): Marker['ends'] => {
  const ends: Marker['ends'][number][] = [];
  const seen = new Map<string, boolean[]>();
  for (const { topic, partition } of records) {
    let ofTopic = seen.get(topic);
    if (ofTopic === undefined) seen.set(topic, (ofTopic = []));
    if (ofTopic[partition] === true) continue;
    ofTopic[partition] = true;
    ends.push([topic, partition, written.get(`${topic}/${partition}`)!]);
  }
  return ends;
};
