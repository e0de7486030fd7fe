import type { Clock } from '../../clock.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { connectKafka, type KafkaConnection } from '../../kafka/connection.ts';
import { ensureTopics } from '../../kafka/ensure-topics.ts';
import type { Appended, AppendOptions, Commit, Committed, LineLog, LogRecord, NewRecord } from '../log.ts';
import { LogTime } from '../log-time.ts';
import { partitionOf } from '../partitioner.ts';
import { stateTopic } from '../state-topic.ts';
import { TimeKeeper } from '../time-keeper.ts';
import { Appends } from './appends.ts';
import { ColdReader } from './cold-reader.ts';
import { type DataPlace, dataPlaces } from './data-places.ts';
import { documentsKey, HeardGroups } from './heard-groups.ts';
import type { KafkaLogOptions } from './kafka-log-options.ts';
import { EXTERNAL, HEARD, type KafkaNames, kafkaNames } from './kafka-names.ts';
import { KafkaProbe } from './kafka-probe.ts';
import { KafkaReader } from './kafka-reader.ts';
import { KafkaRetention } from './kafka-retention.ts';
import { KafkaView } from './kafka-view.ts';
import { Lanes } from './lanes.ts';
import { LogEnd } from './log-end.ts';
import type { Marker } from './marker.ts';
import { Recovery } from './recovery.ts';
import { StateReader } from './state-reader.ts';
import { TaskCommits } from './task-commits.ts';
import { topicsOf } from './topics-of.ts';

/**
 * The log in Kafka: one topic for each of ours, and three of its own, compacted, for state, commits and what was heard from
 * outside. A commit is one transaction of rows, state and a marker with epoch and frontier; its id is the producer's, so
 * that of two processes that take themselves for one task only the later one commits. What `append` or `commit`
 * resolved is durable in Kafka and has come back through the reader of this process. Guarantee: as the embedded log's.
 */
export class KafkaLog implements LineLog {
  readonly #options: KafkaLogOptions;
  readonly #names: KafkaNames;
  readonly #places: readonly DataPlace[];
  readonly #time: LogTime;
  readonly #end: LogEnd;
  readonly #listeners = new Set<() => void>();
  readonly #probe: KafkaProbe;
  readonly #view: KafkaView;
  readonly #reader: KafkaReader;
  readonly #cold: ColdReader;
  readonly #states: StateReader;
  readonly #lanes: Lanes;
  readonly #recovery: Recovery;
  readonly #commits: TaskCommits;
  readonly #groups: HeardGroups;
  readonly #appends: Appends;
  readonly #keeper: TimeKeeper;
  readonly #retention: KafkaRetention;

  private constructor(options: KafkaLogOptions, connection: KafkaConnection, probe: KafkaProbe) {
    const { prefix, memoryBytes = 64 << 20, patienceMs = 30_000, note = () => undefined } = options;
    const names = kafkaNames(prefix);
    const places = dataPlaces(options);
    const followed = new Set(places.map(({ place }) => `${place.topic}/${place.partition}`));
    const logTime = new LogTime();
    const end = new LogEnd();
    const notify = (): void => this.#notify();
    const retention = new KafkaRetention(connection);
    const view = new KafkaView(
      memoryBytes,
      (place) => followed.has(place),
      (marker) => this.#counted(marker),
    );
    const base = { connection, probe, names, view, end, note };
    const reader = new KafkaReader({ ...base, prefix, retention, patienceMs, onRead: notify });
    const cold = new ColdReader(connection, patienceMs);
    const lanes = new Lanes({ ...options, ...base, committedEpoch: (one) => reader.committedEpoch(one) });
    const groups = new HeardGroups({ names, view, reader, lanes });
    const appends = new Appends({ ...options, names, logTime, groups, end, onWritten: notify });
    this.#options = options;
    this.#names = names;
    this.#places = places;
    this.#time = logTime;
    this.#end = end;
    this.#probe = probe;
    this.#view = view;
    this.#reader = reader;
    this.#cold = cold;
    this.#states = new StateReader({ topic: names.state, view, cold, end });
    this.#lanes = lanes;
    this.#recovery = new Recovery({ ...base, places, lanes, reader, retention });
    this.#commits = new TaskCommits({ names, view, reader, lanes });
    this.#groups = groups;
    this.#appends = appends;
    this.#retention = retention;
    this.#keeper = new TimeKeeper({
      time: logTime,
      isFree: () => this.#owns(EXTERNAL) && !appends.busy && !end.isClosed,
      onMove: notify,
      write: () => appends.tick(),
    });
  }

  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const connection = await connectKafka(options);
    await ensureTopics(connection, topicsOf(options), options.replicas ?? 1);
    const log = new KafkaLog(options, connection, await KafkaProbe.open(connection));
    try {
      await log.#recover();
    } catch (error) {
      await log.#release();
      throw error;
    }
    log.#keeper.start(options.time);
    return log;
  }

  get closedUntil(): number {
    return this.#time.closedUntil;
  }

  get clock(): Clock {
    return this.#time.clock;
  }

  get bytes(): number {
    return this.#retention.bytes((place) => this.#view.tails.end(place));
  }

  partitionsOf(topic: string): number {
    const partitions = this.#options.topics[topic];
    if (partitions === undefined)
      throw new ForewarnError('FW303', `topic "${topic}" is not one of the configured topics`);
    return partitions;
  }

  partitionFor(topic: string, key: string): number {
    return partitionOf(key, this.partitionsOf(topic));
  }

  append(topic: string, record: NewRecord, options: AppendOptions = {}): Promise<Appended> {
    return this.#appends.append({ topic, partition: this.partitionFor(topic, record.key) }, record, options);
  }

  async commit(commit: Commit): Promise<Committed> {
    this.#end.refuse();
    return this.#commits.commit(commit);
  }

  claim(producer: string): Promise<void> {
    return this.#commits.claim(producer);
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes = 1 << 20,
  ): Promise<readonly LogRecord[]> {
    if (topic.startsWith(STATES)) return this.#states.read(topic.slice(STATES.length), fromOffset, maxBytes);
    const name = this.#names.topic(topic);
    const place = `${name}/${partition}`;
    const held = this.#view.tails.read(place, fromOffset, maxBytes);
    if (held !== undefined) return held;
    this.#end.refuse();
    const from = Math.max(fromOffset, this.#retention.begin(place));
    return this.#cold.read({ topic: name, partition, from, end: this.#view.tails.end(place), maxBytes });
  }

  lastStates(prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#states.last(prefix);
  }

  end(topic: string, partition: number): number {
    if (topic.startsWith(STATES)) return this.#states.end(topic.slice(STATES.length));
    return this.#view.tails.end(`${this.#names.topic(topic)}/${partition}`);
  }

  begin(topic: string, partition: number): number {
    if (topic.startsWith(STATES)) return 0;
    return this.#retention.begin(`${this.#names.topic(topic)}/${partition}`);
  }

  ends(): ReadonlyMap<string, number> {
    const data = this.#places.map(({ held, place }) => [held, this.#endOf(place)] as const);
    const states = [...this.#view.producers()].map(
      (producer) => [`${stateTopic(producer)}/0`, this.#states.end(producer)] as const,
    );
    return new Map([...data, ...states].filter(([, end]) => end > 0));
  }

  epoch(producer: string): number {
    return this.#view.epoch(producer);
  }

  frontier(producer: string): number {
    return producer === EXTERNAL ? this.closedUntil : this.#view.frontier(producer);
  }

  publishFrontier(producer: string, frontier: number): void {
    if (this.#view.raiseFrontier(producer, frontier)) this.#notify();
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#retention.hold(reader, offsets);
  }

  async retain(keepBytes: number): Promise<void> {
    for (const producer of this.#view.producers())
      this.#commits.needFrom(producer, this.#retention.firstHeld(`${stateTopic(producer)}/0`));
    const places = this.#places.map((one) => ({ ...one, end: this.#endOf(one.place) }));
    await this.#retention.retain(places, keepBytes);
    this.#groups.forget(this.#retention.forgettable());
  }

  goOn(until: number): Promise<void> {
    this.#time.saw(until);
    return this.#appends.tick();
  }

  async close(): Promise<void> {
    if (this.#end.isClosed) return;
    this.#keeper.stop();
    const canWrite = this.#end.broken === undefined && this.#appends.broken === undefined;
    if (canWrite && this.#owns(EXTERNAL)) await this.#keeper.writeDown().catch(() => undefined);
    this.#end.close();
    await this.#appends.settle();
    await this.#release();
  }

  /** Brings back what was committed, once nobody of before can commit any more. */
  async #recover(): Promise<void> {
    await this.#recovery.fence((producer) => this.#owns(producer));
    const markers = await this.#recovery.readMarkers();
    // Before anything newer is read, which another process may have committed since.
    this.#groups.goOnFrom(this.#view.epoch(HEARD));
    for (const producer of this.#view.producers())
      if (this.#owns(producer)) this.#commits.goOnFrom(producer, this.#view.epoch(producer));
    await this.#recovery.catchUp(markers);
  }

  async #release(): Promise<void> {
    this.#end.close();
    this.#keeper.stop();
    await this.#lanes.close();
    await this.#reader.close();
    await this.#cold.close();
    await this.#probe.close();
  }

  /** A commit is whole and seen. */
  #counted(marker: Marker): void {
    if (Number.isFinite(marker.frontier)) this.#time.saw(marker.frontier);
    this.#appends.recall(marker.documents);
    if (marker.producer === HEARD) {
      if (marker.documents.length > 0) this.#retention.heardDocuments(documentsKey(marker.epoch), marker);
      // Of this process it is closed by whoever appended; of another one here.
      if (!this.#owns(EXTERNAL)) this.#time.close();
    } else if (!this.#appends.busy) this.#time.close();
  }

  #owns(producer: string): boolean {
    return this.#options.owns?.(producer) ?? true;
  }

  #endOf({ topic, partition }: DataPlace['place']): number {
    return this.#view.tails.end(`${topic}/${partition}`);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

const STATES = stateTopic('');
