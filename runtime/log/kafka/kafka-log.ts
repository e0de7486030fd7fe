import type { Clock } from '../../clock.ts';
import { connectKafka, type KafkaConnection } from '../../kafka/connection.ts';
import { ensureTopics } from '../../kafka/ensure-topics.ts';
import { PlainProducer } from '../../kafka/plain-producer.ts';
import type { Place } from '../../kafka/pull-consumer.ts';
import type {
  Appended,
  AppendOptions,
  Brought,
  Commit,
  Committed,
  LineLog,
  LogRecord,
  NewRecord,
  NumbersOfLog,
} from '../log.ts';
import { ConfiguredTopics } from '../configured-topics.ts';
import { LogTime } from '../log-time.ts';
import { stateTopic } from '../state-topic.ts';
import { TimeKeeper } from '../time-keeper.ts';
import { Appends } from './appends.ts';
import { ColdReader } from './cold-reader.ts';
import { type DataPlace, dataPlaces } from './data-places.ts';
import { Fetched } from './fetched.ts';
import { EVERYTHING, Following } from './following.ts';
import { documentsKey, HeardGroups } from './heard-groups.ts';
import type { KafkaLogOptions } from './kafka-log-options.ts';
import { EXTERNAL, HEARD, isHeard, type KafkaNames, kafkaNames, STAMPER } from './kafka-names.ts';
import { KafkaProbe } from './kafka-probe.ts';
import { KafkaReader } from './kafka-reader.ts';
import { KafkaRetention } from './kafka-retention.ts';
import { KafkaSavepoints } from './kafka-savepoints.ts';
import { KafkaView } from './kafka-view.ts';
import { Lanes } from './lanes.ts';
import { LogEnd } from './log-end.ts';
import type { Marker } from './marker.ts';
import { Owned } from './owned.ts';
import { allPatienceMs } from './patience.ts';
import { Recovery } from './recovery.ts';
import { SharedTime } from './shared-time.ts';
import { Stampers } from './stampers.ts';
import { StateReader } from './state-reader.ts';
import { takeBack, type TakeBackOptions, type TakeBackParts, type WentBack } from './take-back.ts';
import { TaskCommits } from './task-commits.ts';
import { topicsOf } from './topics-of.ts';

/**
 * The log in Kafka: one topic for each of ours, and three of its own, compacted, for state, commits and what was heard from
 * outside. A commit is one transaction of rows, state and a marker with epoch and frontier; its id is the producer's, so
 * that of two processes that take themselves for one task only the later one commits. What `append` or `commit`
 * resolved is durable in Kafka and has come back through the reader of this process. Guarantee: as the embedded log's.
 *
 * A line's process reads as they grow only the partitions that somebody in it follows. Several processes may share a line by
 * partition number: then each commits, and hears, only as the numbers that it was given by `numbers.take`, and how late it is
 * comes from the log for all of them alike.
 */
export class KafkaLog implements LineLog {
  readonly #options: KafkaLogOptions;
  readonly #topics: ConfiguredTopics;
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
  readonly #following: Following;
  readonly #fetched = new Fetched();
  readonly #commits: TaskCommits;
  readonly #groups: HeardGroups;
  readonly #appends: Appends;
  readonly #keeper: TimeKeeper;
  readonly #retention: KafkaRetention;
  readonly #shared: Shared | undefined;
  readonly #takeBackParts: TakeBackParts;
  readonly savepoints: KafkaSavepoints;

  private constructor(
    options: KafkaLogOptions,
    connection: KafkaConnection,
    probe: KafkaProbe,
    plain: PlainProducer | undefined,
  ) {
    const { prefix, memoryBytes = 64 << 20, patienceMs = 30_000, note = () => undefined } = options;
    const names = kafkaNames(prefix);
    const places = dataPlaces(options);
    const logTime = new LogTime();
    const end = new LogEnd();
    const notify = (): void => this.#notify();
    const retention = new KafkaRetention(connection);
    const view = new KafkaView(
      memoryBytes,
      (place) => this.#following.follows(place),
      (marker) => this.#counted(marker),
    );
    const { sharing } = options;
    const owned = sharing === undefined ? undefined : new Owned(sharing.member, sharing.onFenced);
    const stampers =
      sharing === undefined || owned === undefined
        ? undefined
        : new Stampers(sharing.numbers, view, (number, owner) => owned.claimed(number, owner));
    const base = { connection, probe, names, view, end, note, stampers };
    const reader = new KafkaReader({
      ...base,
      prefix,
      retention,
      fetched: this.#fetched,
      patienceMs,
      onRead: notify,
      onTime: (at) => logTime.saw(at),
    });
    const cold = new ColdReader(connection, allPatienceMs(patienceMs), this.#fetched, () => view.takenBack);
    const lanes = new Lanes({ ...options, ...base, committedEpoch: (one) => reader.committedEpoch(one) });
    const groups = new HeardGroups({ names, view, reader, lanes });
    const appends = new Appends({ ...options, names, logTime, groups, end, owned, onWritten: notify });
    this.#options = options;
    this.#topics = new ConfiguredTopics(options.topics);
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
    this.#recovery = new Recovery({ ...base, lanes, retention });
    this.#following = new Following({ ...base, places, reader, retention });
    this.#commits = new TaskCommits({ names, view, reader, lanes, retention });
    this.#groups = groups;
    this.#appends = appends;
    this.#retention = retention;
    this.#takeBackParts = { ...base, prefix, places, retention };
    this.savepoints = new KafkaSavepoints({
      ...this.#takeBackParts,
      commits: this.#commits,
      isShared: sharing !== undefined,
      ends: () => this.ends(),
      at: () => this.closedUntil,
    });
    if (stampers !== undefined && owned !== undefined && plain !== undefined) {
      const isStamping = (): boolean => appends.busy;
      const time = new SharedTime({
        names,
        view,
        owned,
        retention,
        time: logTime,
        producer: plain,
        isStamping,
      });
      this.#shared = { stampers, owned, time, plain };
    }
    this.#keeper = new TimeKeeper({
      time: logTime,
      isFree: () => this.#owns(EXTERNAL) && !appends.busy && !end.isClosed,
      onMove: notify,
      write: () => appends.tick(),
    });
  }

  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const connection = await connectKafka(options);
    if (options.readsOnly !== true) await ensureTopics(connection, topicsOf(options), options.replicas ?? 1);
    const plain = options.sharing === undefined ? undefined : await PlainProducer.open(connection);
    const log = new KafkaLog(options, connection, await KafkaProbe.open(connection), plain);
    try {
      await log.#recover();
    } catch (error) {
      await log.#release();
      throw error;
    }
    (log.#shared?.time ?? log.#keeper).start(options.time);
    return log;
  }

  get closedUntil(): number {
    return this.#shared?.stampers.closedUntil ?? this.#time.closedUntil;
  }

  get stampers(): readonly string[] {
    return this.#shared?.stampers.names ?? [EXTERNAL];
  }

  get numbers(): NumbersOfLog | undefined {
    const { sharing } = this.#options;
    if (sharing === undefined) return undefined;
    return {
      count: sharing.numbers,
      take: (number) => this.#takeNumber(number),
      give: (number) => this.#giveNumber(number),
      members: () => this.#shared!.stampers.members,
    };
  }

  get clock(): Clock {
    return this.#time.clock;
  }

  get bytes(): number {
    return this.#retention.bytes((place) => this.#view.end(place));
  }

  get fetched(): ReadonlyMap<string, Brought> {
    return this.#fetched.places;
  }

  partitionsOf(topic: string): number {
    return this.#topics.partitionsOf(topic);
  }

  partitionFor(topic: string, key: string): number {
    return this.#topics.partitionFor(topic, key);
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
    const held = this.#view.read(place, fromOffset, maxBytes);
    if (held !== undefined) return held;
    this.#end.refuse();
    const from = Math.max(fromOffset, this.#retention.begin(place));
    return this.#cold.read({ topic: name, partition, from, end: this.#view.end(place), maxBytes });
  }

  lastStates(prefix: string, number?: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const end = number === undefined ? '' : `/${number}`;
    return this.#states.last((producer) => producer.startsWith(prefix) && producer.endsWith(end));
  }

  end(topic: string, partition: number): number {
    if (topic.startsWith(STATES)) return this.#states.end(topic.slice(STATES.length));
    return this.#view.end(`${this.#names.topic(topic)}/${partition}`);
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
    if (producer === EXTERNAL) return this.closedUntil;
    if (this.#shared !== undefined && producer.startsWith(STAMPER))
      return this.#shared.stampers.frontier(producer);
    return this.#view.frontier(producer);
  }

  publishFrontier(producer: string, frontier: number): void {
    const isNews = this.#view.raiseFrontier(producer, frontier);
    this.#shared?.time.reached({ producer, epoch: this.#view.epoch(producer), frontier }, isNews);
    if (isNews) this.#notify();
  }

  /** Where it reads everything whoever asks has it. */
  async follow(reader: string, from: ReadonlyMap<string, number>): Promise<void> {
    if (!this.#readsAll && !this.#end.isClosed) await this.#following.follow(reader, from);
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#retention.hold(reader, offsets);
    this.#shared?.time.needsMoved();
  }

  /** Of a log that is of no use any more it says so, to whoever has nothing to commit either. */
  async retain(keepBytes: number): Promise<void> {
    if (this.#end.broken !== undefined) throw this.#end.broken;
    for (const producer of this.#view.producers()) {
      const needed = this.#retention.firstHeld(`${stateTopic(producer)}/0`);
      // Nobody has said yet what is needed of it: a task that is just being taken has no base, and needs every change.
      if (needed < Infinity) this.#commits.needFrom(producer, needed);
    }
    if (!this.#mayDrop) return;
    const places = this.#places.map((one) => ({ ...one, end: this.#endOf(one.place) }));
    await this.#retention.retain(places, keepBytes);
    this.#groups.forget(this.#retention.forgettable());
  }

  /** One process drops for all, once each number's has said what it needs. */
  get #mayDrop(): boolean {
    if (this.#shared === undefined) return true;
    return this.#shared.owned.first === 0 && this.#retention.numbersKnown === this.#options.sharing!.numbers;
  }

  /** Of a log that this process has alone; it is of no use any more then. */
  takeBack(options: TakeBackOptions): Promise<WentBack> {
    return takeBack(this.#takeBackParts, options);
  }

  goOn(until: number): Promise<void> {
    this.#time.saw(until);
    // What is told of shared time goes on with it by itself.
    return this.#shared === undefined ? this.#appends.tick() : Promise.resolve();
  }

  async close(): Promise<void> {
    if (this.#end.isClosed) return;
    this.#keeper.stop();
    const canWrite = this.#end.broken === undefined && this.#appends.broken === undefined;
    if (canWrite && this.#shared === undefined && this.#owns(EXTERNAL))
      await this.#keeper.writeDown().catch(() => undefined);
    this.#end.close();
    await this.#appends.settle();
    await this.#release();
  }

  /** Brings back what was committed, once nobody of before can commit any more. */
  async #recover(): Promise<void> {
    if (this.#shared !== undefined) return this.#begin(await this.#recovery.readMarkers());
    await this.#recovery.fence((producer) => this.#owns(producer));
    const next = await this.#recovery.readMarkers();
    // Before anything newer is read, which another process may have committed since.
    this.#groups.goOnFrom(HEARD, this.#view.epoch(HEARD));
    for (const producer of this.#view.producers())
      if (this.#owns(producer)) this.#commits.goOnFrom(producer, this.#view.epoch(producer));
    await this.#begin(next);
  }

  /** Where everything ends must be known once; from then on each commit tells. */
  async #begin(markers: readonly Place[]): Promise<void> {
    await this.#following.begin(markers);
    if (!this.#readsAll) await this.#following.follow(EVERYTHING, new Map());
  }

  get #readsAll(): boolean {
    return this.#shared === undefined && this.#options.reads !== 'followed';
  }

  /** First nobody else can commit as it, then all that anybody has committed as it is known. */
  async #takeNumber(number: number): Promise<void> {
    const { owned } = this.#shared!;
    const { numberOf } = this.#options.sharing!;
    const view = this.#view;
    await this.#lanes.take(number);
    await this.#reader.readCommits();
    const own = [...view.readProducers()].filter((producer) => numberOf(producer) === number);
    await this.#reader.until(() => own.every((producer) => view.epoch(producer) >= view.readEpoch(producer)));
    for (const producer of own) if (!isHeard(producer)) this.#commits.takeOver(producer);
    const sharing = { owner: owned.owner, numbers: [number], claims: number };
    await this.#groups.claim(number, sharing, this.#time.last);
    owned.add(number);
  }

  async #giveNumber(number: number): Promise<void> {
    this.#shared!.owned.delete(number);
    await this.#lanes.give(number);
  }

  async #release(): Promise<void> {
    this.#end.close();
    this.#keeper.stop();
    this.#shared?.time.stop();
    await this.#shared?.plain.close();
    await this.#lanes.close();
    await this.#reader.close();
    await this.#cold.close();
    await this.#probe.close();
  }

  /** A commit is whole and seen. */
  #counted(marker: Marker): void {
    if (Number.isFinite(marker.frontier)) this.#time.saw(marker.frontier);
    this.#appends.recall(marker.documents);
    if (isHeard(marker.producer)) {
      if (marker.documents.length > 0)
        this.#retention.heardDocuments(documentsKey(marker.producer, marker.epoch), marker);
      // Of this process it is closed by whoever appended; of another one here.
      if (!this.#owns(EXTERNAL)) this.#time.close();
    } else if (!this.#appends.busy) this.#time.close();
  }

  #owns(producer: string): boolean {
    const { owns, readsOnly = false } = this.#options;
    return !readsOnly && (owns?.(producer) ?? true);
  }

  #endOf({ topic, partition }: DataPlace['place']): number {
    return this.#view.end(`${topic}/${partition}`);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What there is besides where processes share the line. */
interface Shared {
  readonly stampers: Stampers;
  readonly owned: Owned;
  readonly time: SharedTime;
  readonly plain: PlainProducer;
}

const STATES = stateTopic('');
