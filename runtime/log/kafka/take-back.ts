import { ForewarnError } from '../../forewarn-error.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Outgoing } from '../../kafka/outgoing.ts';
import type { Written } from '../../kafka/written.ts';
import { holderOf } from '../holders.ts';
import type { FilledTables, ProducerAt } from '../log.ts';
import type { DataPlace } from './data-places.ts';
import { isHeard, type KafkaNames } from './kafka-names.ts';
import type { KafkaProbe } from './kafka-probe.ts';
import type { KafkaRetention } from './kafka-retention.ts';
import { writeAtOnce } from './kafka-savepoints.ts';
import type { KafkaView } from './kafka-view.ts';
import { lastKept } from './last-kept.ts';
import { type Marker, markerRecord, type StateMark } from './marker.ts';
import { takenBackRecord } from './savepoint-notes.ts';
import { STATE_PARTITIONS, statePartitionOf, stateRecords } from './state-changelog.ts';
import { type LeftOut, rangesWith, type TakenBackFacts } from './taken-back.ts';

export interface TakeBackParts {
  readonly connection: KafkaConnection;
  readonly prefix: string;
  readonly names: KafkaNames;
  readonly places: readonly DataPlace[];
  readonly probe: KafkaProbe;
  readonly view: KafkaView;
  readonly retention: KafkaRetention;
}

export interface TakeBackOptions {
  readonly savepoint: {
    readonly id: string;
    readonly name: string;
    /** How often the log had been taken back when it was made. */
    readonly generation: number;
  };
  /** Ends by `topic/partition` at its moment, and where the producers were that go on from there. */
  readonly cut: Readonly<Record<string, number>>;
  readonly producers: Readonly<Record<string, ProducerAt>>;
  /** Producers that begin with a state of their own. */
  readonly begins: ReadonlyMap<string, Uint8Array>;
  /** Tables of all generations, the next one among them. */
  readonly filled: readonly FilledTables[];
}

/** Where the log is when it has been taken back. */
export interface WentBack {
  readonly generation: number;
  /** Commits that are left out. */
  readonly left: number;
}

interface Range {
  readonly topic: string;
  readonly partition: number;
  /** Where the savepoint ends, and what is there of it or comes behind it. */
  readonly cut: number;
  readonly from: number;
  readonly until: number;
}

/**
 * Leaves out of the log, for every reader from now on, what tasks wrote behind the cut of a savepoint, and sets each task back to
 * where it was; what came from outside stays. One transaction: it is taken back or it is not. Nobody else may write, and whoever
 * opened this log has fenced them all. Where that was done already, and no task has committed since, nothing is done.
 * FW322 when the savepoint is not this log's, or lies in what was left out since.
 */
export const takeBack = async (parts: TakeBackParts, options: TakeBackOptions): Promise<WentBack> => {
  const { connection, prefix, names, view, retention } = parts;
  const { savepoint, producers, begins } = options;
  const { id, name } = savepoint;
  const before = view.takenBack?.facts;
  if (before?.savepoint.id === id && !view.hasGoneOn) return { generation: before.generation, left: 0 };
  if (!retention.isHeldFor(holderOf(id)))
    throw new ForewarnError(
      'FW322',
      `savepoint "${name}": Kafka topics ${prefix}.* do not keep what it needs; give log.kafka as it was when it was made`,
    );
  const all = await rangesOf(parts, options);
  refuseLeftOut(all, before, savepoint);
  const ranges = all.filter(({ from, until }) => until > from);
  const kept = await lastKept(connection, ranges);
  const generation = view.generation + 1;
  const leftOut = ranges.map((range): LeftOut => {
    const place = placeOf(range);
    return { place, from: range.from, until: range.until, kept: kept.get(place) ?? range.from, generation };
  });
  const reached = new Map(ranges.map((range) => [placeOf(range), range.until]));
  const facts = {
    generation,
    savepoint: { id, name },
    filled: options.filled,
    ranges: rangesWith(before?.ranges ?? [], leftOut, (place) => retention.begin(place)),
  };
  let left = 0;
  const markers: Marker[] = [];
  for (const producer of new Set([...view.producers(), ...Object.keys(producers)])) {
    if (isHeard(producer) || begins.has(producer)) continue;
    const at = producers[producer];
    left += Math.max(0, view.epoch(producer) - (at?.epoch ?? 0));
    const parts = view.state(producer)?.parts ?? 1;
    const mark = at?.state ?? null;
    const partition = `${names.state}/${statePartitionOf(producer)}`;
    const state = mark && {
      ...mark,
      parts: Math.max(mark.parts, parts),
      reached: reached.get(partition) ?? mark.end,
    };
    markers.push(markerOf(producer, at?.epoch ?? 0, Number(at?.frontier ?? -Infinity), state));
  }
  const firsts = [...begins].map(([producer, state]) => ({
    producer,
    records: stateRecords(names.state, { producer, epoch: 1, heardAt: 0 }, state),
  }));
  await writeAtOnce(
    connection,
    names,
    firsts.flatMap(({ records }) => records),
    (written) => [
      takenBackRecord(names.heard, facts),
      ...[...markers, ...begunMarkers(firsts, written)].map((marker) =>
        markerRecord(names.commits, marker.producer, marker),
      ),
    ],
  );
  return { generation, left };
};

/** From the cut to where everything ends now. */
const rangesOf = async (
  { names, places, probe }: TakeBackParts,
  { cut, producers }: TakeBackOptions,
): Promise<readonly Range[]> => {
  const data = places.map(({ held, place }) => ({ ...place, cut: cut[held] ?? 0 }));
  const states = Array.from({ length: STATE_PARTITIONS }, (_, partition) => ({
    topic: names.state,
    partition,
    cut: Math.max(
      0,
      ...Object.entries(producers).map(([producer, { state }]) =>
        statePartitionOf(producer) === partition ? (state?.end ?? 0) : 0,
      ),
    ),
  }));
  return Promise.all(
    [...data, ...states].map(async (place) => {
      const { low, high } = await probe.watermarks(place.topic, place.partition);
      return { ...place, from: Math.max(place.cut, low), until: high };
    }),
  );
};

/** What was left out cannot be gone back to: the states of later epochs have taken the places of those. */
const refuseLeftOut = (
  ranges: readonly Range[],
  before: TakenBackFacts | undefined,
  { name, generation }: TakeBackOptions['savepoint'],
): void => {
  const cuts = new Map(ranges.map((range) => [placeOf(range), range.cut]));
  const since = before?.ranges.filter((range) => range.generation > generation) ?? [];
  if (!since.some(({ place, from }) => (cuts.get(place) ?? 0) > from)) return;
  throw new ForewarnError(
    'FW322',
    `savepoint "${name}": the log was taken back to savepoint "${before!.savepoint.name}" since, which is older, and what this one is of is left out; go back to an older one`,
  );
};

const placeOf = ({ topic, partition }: Range): string => `${topic}/${partition}`;

const markerOf = (producer: string, epoch: number, frontier: number, state: StateMark | null): Marker => ({
  producer,
  epoch,
  frontier,
  ends: [],
  state,
  documents: [],
  takesBack: true,
});

const begunMarkers = (
  firsts: readonly { readonly producer: string; readonly records: readonly Outgoing[] }[],
  { offsets }: Written,
): readonly Marker[] => {
  let at = 0;
  return firsts.map(({ producer, records }) => {
    const first = offsets[at]!;
    at += records.length;
    const end = offsets[at - 1]! + 1;
    return markerOf(producer, 1, 0, { at: first, end, from: 1, parts: records.length });
  });
};
