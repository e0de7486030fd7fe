import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import type { Clock } from '../../clock.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { connectKafka, type KafkaConnection } from '../../kafka/connection.ts';
import { ensureTopics } from '../../kafka/ensure-topics.ts';
import type { Outgoing } from '../../kafka/transactional-producer.ts';
import { DocumentMemory } from '../document-memory.ts';
import { GroupCommit } from '../group-commit.ts';
import type { Appended, AppendOptions, Commit, Committed, LineLog, LogRecord, NewRecord } from '../log.ts';
import { LogTime } from '../log-time.ts';
import { partitionOf } from '../partitioner.ts';
import { stateTopic } from '../state-topic.ts';
import { ColdReader } from './cold-reader.ts';
import { type KafkaNames, kafkaNames } from './kafka-names.ts';
import { KafkaProbe } from './kafka-probe.ts';
import { toKafka } from './kafka-record.ts';
import { KafkaRetention } from './kafka-retention.ts';
import { KafkaView } from './kafka-view.ts';
import { Lane, overtaken, Slots } from './lane.ts';
import { type DocumentMark, type Marker, markerOf, markerRecord } from './marker.ts';
import { StateChangelog, statePartitionOf, stateRecords, statesOf } from './state-changelog.ts';
import { Tail } from './tail.ts';
import { topicsOf } from './topics-of.ts';
import { type KafkaLogOptions, maxRecordBytesOf } from './kafka-log-options.ts';

const EXTERNAL = 'external';
/** Who commits what comes from outside, group by group. */
const HEARD = '~heard';
/** Stands in the line of appends, and only writes down how late it is. */
const TICK = 'tick';
const LONGEST_STRING = 65_535;
const COMMITS_AT_ONCE = 2;
/** The marker of a transaction names each document. */
const APPENDS_AT_ONCE = 5_000;
const MOST_RESTARTS = 3;

/** An append that waits for its turn, in which it is stamped. */
interface Append {
  readonly topic: string;
  readonly partition: number;
  readonly record: NewRecord;
  readonly documentId: string | undefined;
  readonly heardAt: number | undefined;
  readonly answer: (appended: Appended) => void;
}

interface Wish {
  readonly holds: () => boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The log in Kafka: one topic for each of ours, and three of its own, compacted, for state, commits and what was heard from
 * outside. A commit is one transaction of rows, state and a marker with epoch and frontier; its id is the producer's, so
 * that of two processes that take themselves for one task only the later one commits. What `append` or `commit`
 * resolved is durable in Kafka and has come back through the reader of this process. Guarantee: as the embedded log's.
 */
export class KafkaLog implements LineLog {
  readonly #options: KafkaLogOptions;
  readonly #names: KafkaNames;
  readonly #connection: KafkaConnection;
  readonly #probe: KafkaProbe;
  readonly #view: KafkaView;
  readonly #tail: Tail;
  readonly #cold: ColdReader;
  readonly #changelog = new StateChangelog();
  readonly #retention: KafkaRetention;
  readonly #documents: DocumentMemory;
  readonly #time = new LogTime();
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = new Slots(COMMITS_AT_ONCE);
  readonly #queue = new GroupCommit<Append | typeof TICK>((group) => this.#write(group));
  readonly #listeners = new Set<() => void>();
  readonly #read = new Map<string, number>();
  /** Up to which epoch the commits of a producer are known to be this process's, or of before it took over. */
  readonly #ours = new Map<string, number>();
  #wishes: Wish[] = [];
  #broken: ForewarnError | undefined;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;
  #idleTicks = 0;
  /** Epoch of the last group of appends. */
  #heard = 0;
  /** Documents of heard groups that are to be forgotten with the next one. */
  #forgotten: readonly string[] = [];

  private constructor(options: KafkaLogOptions, connection: KafkaConnection, probe: KafkaProbe) {
    this.#options = options;
    this.#connection = connection;
    this.#probe = probe;
    this.#names = kafkaNames(options.prefix);
    this.#documents = new DocumentMemory(options.rememberedIds ?? 500_000);
    const note = options.note ?? (() => undefined);
    const data = new Set(this.#dataPlaces().map(({ topic, partition }) => `${topic}/${partition}`));
    this.#view = new KafkaView(
      options.memoryBytes ?? 64 << 20,
      (place) => data.has(place),
      (marker) => this.#counted(marker),
    );
    this.#retention = new KafkaRetention(connection);
    this.#cold = new ColdReader(connection, options.patienceMs ?? 30_000);
    this.#tail = new Tail({
      connection,
      onMessages: (messages) => this.#take(messages),
      onEnd: ({ topic, partition, offset }) => this.#reached(topic, partition, offset),
      onLost: (error) =>
        this.#break(
          new ForewarnError('FW301', `a topic of ${options.prefix} was cut or deleted while it was read`, {
            cause: error,
          }),
        ),
      note,
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
    log.#time.close();
    log.#lastTick = log.#time.last;
    if (options.time !== 'recorded') {
      log.#time.runOn(options.time(log.#time.last));
      log.#timer = setInterval(() => log.#advanceTime(), 50);
      log.#timer.unref();
    }
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
    const partition = this.partitionFor(topic, record.key);
    const { documentId, heardAt } = options;
    if (documentId !== undefined) {
      const known = this.#documents.find(topic, documentId);
      if (known !== undefined) return known.then((first) => ({ ...first, duplicate: true }));
    }
    const refusal = this.#refusalOf(topic, record, documentId);
    if (refusal !== undefined) return Promise.reject(refusal);
    let answer: Appended | undefined;
    const append = {
      topic,
      partition,
      record,
      documentId,
      heardAt: this.#options.time === 'recorded' ? heardAt : undefined,
      answer: (appended: Appended) => (answer = appended),
    };
    const appended = this.#queue.add(append, record.value.length).then(() => answer!);
    if (documentId !== undefined) this.#documents.remember(topic, documentId, appended);
    return appended;
  }

  async commit({ producer, epoch, frontier, writes, state }: Commit): Promise<Committed> {
    const stateEnd = (): number => this.end(stateTopic(producer), 0);
    this.#refuseWhenClosed();
    const last = this.#view.epoch(producer);
    // What another process has committed must not be taken for this one's.
    if (last > (this.#ours.get(producer) ?? 0)) throw overtaken(producer, last);
    if (epoch <= last) return { stateEnd: stateEnd() };
    this.#ours.set(producer, epoch);
    this.#changelog.begin(producer, this.#view.epoch(producer), this.#view.state(producer));
    const rows = writes.flatMap(({ topic, partition, records }) =>
      records.map((row) =>
        toKafka(
          { topic: this.#names.topic(topic), partition },
          { ...row, producer, headers: row.headers ?? {} },
        ),
      ),
    );
    const { state: stateName, commits } = this.#names;
    const states =
      state === undefined ? [] : stateRecords(stateName, { producer, epoch, heardAt: frontier }, state);
    const records = [...states, ...rows, ...this.#changelog.tombstones(stateName, producer)];
    let committed: Committed = { stateEnd: 0 };
    await this.#laneOf(producer).commit({
      producer,
      epoch,
      records,
      marker: (offsets) => {
        const written =
          states.length === 0
            ? null
            : { at: offsets[0]!, end: offsets[states.length - 1]! + 1, parts: states.length };
        const mark = this.#changelog.wrote(producer, epoch, written);
        committed = { stateEnd: mark?.end ?? 0 };
        const ends = endsOf(rows, offsets.slice(states.length));
        return markerRecord(commits, producer, {
          producer,
          epoch,
          frontier,
          ends,
          state: mark,
          documents: [],
        });
      },
    });
    await this.#until(() => this.#view.epoch(producer) >= epoch);
    return committed;
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes = 1 << 20,
  ): Promise<readonly LogRecord[]> {
    if (topic.startsWith(STATES)) return this.#readStates(topic.slice(STATES.length), fromOffset, maxBytes);
    const name = this.#names.topic(topic);
    const place = `${name}/${partition}`;
    const held = this.#view.tails.read(place, fromOffset, maxBytes);
    if (held !== undefined) return held;
    this.#refuseWhenClosed();
    const from = Math.max(fromOffset, this.#retention.begin(place));
    return this.#cold.read({ topic: name, partition, from, end: this.#view.tails.end(place), maxBytes });
  }

  end(topic: string, partition: number): number {
    if (topic.startsWith(STATES)) return this.#view.state(topic.slice(STATES.length))?.end ?? 0;
    return this.#view.tails.end(`${this.#names.topic(topic)}/${partition}`);
  }

  begin(topic: string, partition: number): number {
    if (topic.startsWith(STATES)) return 0;
    return this.#retention.begin(`${this.#names.topic(topic)}/${partition}`);
  }

  ends(): ReadonlyMap<string, number> {
    const ends = new Map<string, number>();
    for (const [topic, partitions] of Object.entries(this.#options.topics)) {
      for (let partition = 0; partition < partitions; partition++) {
        const end = this.end(topic, partition);
        if (end > 0) ends.set(`${topic}/${partition}`, end);
      }
    }
    for (const producer of this.#view.producers()) {
      const end = this.end(stateTopic(producer), 0);
      if (end > 0) ends.set(`${stateTopic(producer)}/0`, end);
    }
    return ends;
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

  async claim(producer: string): Promise<void> {
    await this.#laneOf(producer).claim();
    const epoch = await this.#committedEpoch(producer);
    await this.#until(() => this.#view.epoch(producer) >= epoch);
    this.#ours.set(producer, epoch);
  }

  async lastStates(prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const states = new Map<string, Uint8Array>();
    for (const producer of this.#view.producers()) {
      const mark = this.#view.state(producer);
      if (!producer.startsWith(prefix) || mark === null) continue;
      const [last] = await this.#readStates(producer, mark.at, 1 << 20);
      if (last !== undefined) states.set(producer, Uint8Array.from(last.value));
    }
    return states;
  }

  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#retention.hold(reader, offsets);
  }

  async retain(keepBytes: number): Promise<void> {
    for (const producer of this.#view.producers())
      this.#changelog.needFrom(producer, this.#retention.firstHeld(`${stateTopic(producer)}/0`));
    const places = Object.entries(this.#options.topics).flatMap(([topic, partitions]) =>
      Array.from({ length: partitions }, (_, partition) => ({
        place: { topic: this.#names.topic(topic), partition },
        held: `${topic}/${partition}`,
        end: this.end(topic, partition),
      })),
    );
    await this.#retention.retain(places, keepBytes);
    this.#forgotten = [...this.#forgotten, ...this.#retention.forgettable()];
  }

  goOn(until: number): Promise<void> {
    this.#time.saw(until);
    return this.#queue.add(TICK, 0);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    clearInterval(this.#timer);
    if (this.#broken === undefined && this.#queue.broken === undefined)
      await this.#tick().catch(() => undefined);
    this.#closed = true;
    await this.#queue.settle();
    await this.#release();
  }

  /** Brings back what was committed, once nobody of before can commit any more. */
  async #recover(): Promise<void> {
    const { commits, heard } = this.#names;
    const owns = this.#options.owns ?? (() => true);
    const mine = new Set<string>();
    // Also of transactions that were never ended, which hold back all that lies behind them.
    await this.#probe.readAll(commits, 'uncommitted', ({ key }) => {
      const producer = key?.toString() ?? '';
      if (owns(producer)) mine.add(producer);
    });
    if (owns(EXTERNAL)) mine.add(HEARD);
    await Promise.all([...mine].map((producer) => this.#laneOf(producer).claim()));

    const hints = new Map<string, number>();
    const take = (message: KafkaMessage): void => {
      const marker = markerOf(message);
      if (marker === null) return;
      if (marker.epoch > this.#view.epoch(marker.producer)) this.#view.count(marker);
      for (const [topic, partition, end] of marker.ends) {
        const place = `${topic}/${partition}`;
        hints.set(place, Math.max(end, hints.get(place) ?? 0));
      }
    };
    const nextCommit = await this.#probe.readAll(commits, 'committed', take);
    const nextHeard = await this.#probe.readAll(heard, 'committed', take);
    this.#heard = this.#view.epoch(HEARD);
    for (const producer of this.#view.producers())
      if (owns(producer)) this.#ours.set(producer, this.#view.epoch(producer));

    const places = this.#dataPlaces();
    const marks = await Promise.all(
      places.map(({ topic, partition }) => this.#probe.watermarks(topic, partition)),
    );
    const from = places.map(({ topic, partition }, index) => {
      const place = `${topic}/${partition}`;
      const { low, high } = marks[index]!;
      const hint = hints.get(place) ?? 0;
      if (hint > high) throw cut(place, hint, high);
      this.#retention.knowBegin(place, low);
      const offset = Math.max(low, hint);
      this.#view.tails.begin(place, offset, hint);
      return { topic, partition, offset };
    });
    await this.#tail.follow([
      ...from,
      { topic: commits, partition: 0, offset: nextCommit },
      { topic: heard, partition: 0, offset: nextHeard },
    ]);
    await this.#until(() =>
      places.every(({ topic, partition }, index) => this.#hasRead(topic, partition, marks[index]!.high)),
    );
  }

  async #release(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
    await this.#tail.close();
    await this.#cold.close();
    await this.#probe.close();
    for (const { failed } of this.#wishes.splice(0)) failed(new ForewarnError('FW304', 'the log is closed'));
  }

  async #write(group: readonly (Append | typeof TICK)[]): Promise<void> {
    for (let at = 0; at < group.length; at += APPENDS_AT_ONCE)
      await this.#writeAtOnce(group.slice(at, at + APPENDS_AT_ONCE));
  }

  /** Appends as one transaction, stamped in the order in which they came. */
  async #writeAtOnce(group: readonly (Append | typeof TICK)[]): Promise<void> {
    this.#refuseWhenClosed();
    const begunAt = this.#time.clock.now();
    const appends = group.filter((one) => one !== TICK);
    const stamped = appends.map((append) => ({ ...append, at: this.#time.stamp(append.heardAt) }));
    const records = stamped.map(({ topic, partition, record, documentId, at }) =>
      toKafka(
        { topic: this.#names.topic(topic), partition },
        {
          ...record,
          heardAt: at,
          producer: EXTERNAL,
          headers: documentId === undefined ? (record.headers ?? {}) : { ...record.headers, documentId },
        },
      ),
    );
    const offsets = await this.#hear(records, this.#time.last, (known) =>
      stamped.flatMap(({ documentId, topic, partition, at }, index) =>
        documentId === undefined
          ? []
          : [{ id: documentId, topic, partition, offset: known[index]!, heardAt: at }],
      ),
    );
    stamped.forEach(({ answer, partition, at }, index) => {
      answer({ partition, offset: offsets[index]!, heardAt: at, duplicate: false });
    });
    this.#time.saw(begunAt);
    this.#time.close();
    this.#notify();
  }

  /** Writes what came from outside, and how late it is by then. */
  async #hear(
    records: readonly Outgoing[],
    time: number,
    documentsOf: (offsets: readonly number[]) => readonly DocumentMark[],
  ): Promise<readonly number[]> {
    const { heard } = this.#names;
    const epoch = this.#heard + 1;
    const forgotten = this.#forgotten;
    this.#forgotten = [];
    const tombstones = forgotten.map((key) => ({
      topic: heard,
      partition: 0,
      key,
      value: null,
      headers: [],
    }));
    const offsets = await this.#laneOf(HEARD).commit({
      producer: HEARD,
      epoch,
      records: [...records, ...tombstones],
      marker: (known) => {
        const documents = documentsOf(known);
        // Those without documents replace each other.
        const key = documents.length === 0 ? 'tick' : `documents#${epoch}`;
        const ends = endsOf(records, known);
        return markerRecord(heard, key, {
          producer: HEARD,
          epoch,
          frontier: time,
          ends,
          state: null,
          documents,
        });
      },
    });
    this.#heard = epoch;
    await this.#until(() => this.#view.epoch(HEARD) >= epoch);
    return offsets;
  }

  async #readStates(producer: string, from: number, maxBytes: number): Promise<readonly LogRecord[]> {
    const mark = this.#view.state(producer);
    if (mark === null || from >= mark.end) return [];
    this.#refuseWhenClosed();
    const partition = statePartitionOf(producer);
    // Whoever asks for the last one means all its parts.
    let next = Math.min(from, mark.at);
    const read: LogRecord[] = [];
    for (let states: readonly LogRecord[] = []; ;) {
      const records = await this.#cold.read({
        topic: this.#names.state,
        partition,
        from: next,
        end: mark.end,
        maxBytes,
      });
      if (records.length === 0) return states;
      read.push(...records);
      next = records.at(-1)!.offset + 1;
      states = statesOf(read, producer);
      if (states.length > 0 || next >= mark.end) return states;
    }
  }

  #take(messages: readonly KafkaMessage[]): void {
    const { commits, heard } = this.#names;
    for (const message of messages) {
      if (message.topic === commits || message.topic === heard) {
        const marker = markerOf(message);
        if (marker !== null) this.#view.marker(marker);
      } else {
        this.#view.record(message);
        this.#retention.saw(`${message.topic}/${message.partition}`, message.size);
      }
      this.#read.set(`${message.topic}/${message.partition}`, message.offset + 1);
    }
    this.#view.settle();
    this.#fulfil();
    this.#notify();
  }

  #reached(topic: string, partition: number, offset: number): void {
    const place = `${topic}/${partition}`;
    if (offset > (this.#read.get(place) ?? 0)) this.#read.set(place, offset);
    this.#fulfil();
  }

  #hasRead(topic: string, partition: number, offset: number): boolean {
    return offset === 0 || (this.#read.get(`${topic}/${partition}`) ?? 0) >= offset;
  }

  /** A commit is whole and seen. */
  #counted(marker: Marker): void {
    if (Number.isFinite(marker.frontier)) this.#time.saw(marker.frontier);
    for (const { id, topic, partition, offset, heardAt } of marker.documents) {
      if (this.#documents.find(topic, id) !== undefined) continue;
      this.#documents.remember(topic, id, Promise.resolve({ partition, offset, heardAt, duplicate: false }));
    }
    if (marker.producer === HEARD) {
      if (marker.documents.length > 0) this.#retention.heardDocuments(`documents#${marker.epoch}`, marker);
      // Of this process it is closed by whoever appended; of another one here.
      if (!this.#isMine(EXTERNAL)) this.#time.close();
    } else if (!this.#queue.busy) this.#time.close();
  }

  #isMine(producer: string): boolean {
    return this.#options.owns?.(producer) ?? true;
  }

  /** Epoch of a producer's last commit, once all that was committed by now has been read. */
  async #committedEpoch(producer: string): Promise<number> {
    const topic = producer === HEARD ? this.#names.heard : this.#names.commits;
    const { high } = await this.#probe.watermarks(topic, 0);
    await this.#until(() => this.#hasRead(topic, 0, high));
    return this.#view.readEpoch(producer);
  }

  #laneOf(producer: string): Lane {
    const name = producer === HEARD ? HEARD : (this.#options.laneOf?.(producer) ?? producer);
    let lane = this.#lanes.get(name);
    if (lane === undefined) {
      lane = new Lane({
        connection: this.#connection,
        id: this.#names.transaction(name),
        settings: { 'message.max.bytes': maxRecordBytesOf(this.#options) + (1 << 20) },
        slots: this.#slots,
        committedEpoch: (one) => this.#committedEpoch(one),
        note: this.#options.note ?? (() => undefined),
      });
      this.#lanes.set(name, lane);
    }
    return lane;
  }

  /** Waits until the reader has come so far. It is made anew when it does not get on: a client may stall in silence. */
  async #until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    let restarts = 0;
    const patienceMs = this.#options.patienceMs ?? 30_000;
    const watchdog = setInterval(() => {
      restarts += 1;
      this.#options.note?.(`kafka: nothing has come back for ${patienceMs} ms; the reader is made anew`);
      if (restarts <= MOST_RESTARTS) this.#tail.restart().catch((error: unknown) => this.#break(error));
      else
        this.#break(
          new ForewarnError('FW609', 'what was written to Kafka does not come back; see its brokers'),
        );
    }, patienceMs);
    try {
      await new Promise<void>((done, failed) => {
        if (this.#broken === undefined) this.#wishes.push({ holds, done, failed });
        else failed(this.#broken);
      });
    } finally {
      clearInterval(watchdog);
    }
  }

  #fulfil(): void {
    if (this.#wishes.length === 0) return;
    const open = this.#wishes.filter(({ holds, done }) => {
      if (!holds()) return true;
      done();
      return false;
    });
    this.#wishes = open;
  }

  #break(error: unknown): void {
    this.#broken ??=
      error instanceof ForewarnError ? error : new ForewarnError('FW609', String(error), { cause: error });
    for (const { failed } of this.#wishes.splice(0)) failed(this.#broken);
  }

  #advanceTime(): void {
    if (!this.#isMine(EXTERNAL) || this.#queue.busy || this.#closed || !this.#time.advance()) return;
    this.#notify();
    this.#idleTicks += 1;
    if (this.#idleTicks >= 20) void this.#tick().catch(() => undefined);
  }

  /** Writes down how late it is, so that a restart, and other processes, go on from there. */
  async #tick(): Promise<void> {
    this.#idleTicks = 0;
    if (this.#time.last === this.#lastTick || !this.#isMine(EXTERNAL)) return;
    this.#lastTick = this.#time.last;
    await this.#queue.add(TICK, 0);
  }

  #dataPlaces(): readonly { readonly topic: string; readonly partition: number }[] {
    const names = kafkaNames(this.#options.prefix);
    return Object.entries(this.#options.topics).flatMap(([topic, partitions]) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: names.topic(topic), partition })),
    );
  }

  #refusalOf(
    topic: string,
    { key, headers, value }: NewRecord,
    documentId?: string,
  ): ForewarnError | undefined {
    if (this.#broken !== undefined) return this.#broken;
    if (this.#closed) return new ForewarnError('FW304', 'the log is closed');
    if (this.#queue.broken !== undefined) return this.#queue.broken;
    if (this.#queue.bytes > (this.#options.queueBytes ?? 64 << 20))
      return new ForewarnError('FW310', `${this.#queue.bytes} bytes wait for Kafka; send again later`);
    const head = JSON.stringify({ ...headers, documentId });
    if (Buffer.byteLength(key) > LONGEST_STRING || Buffer.byteLength(head) > LONGEST_STRING) {
      return new ForewarnError(
        'FW702',
        `topic "${topic}": a key and the headers may have ${LONGEST_STRING} bytes`,
      );
    }
    const most = maxRecordBytesOf(this.#options);
    if (value.length > most)
      return new ForewarnError(
        'FW702',
        `topic "${topic}": a record of ${value.length} bytes; ${most} are allowed`,
      );
    return undefined;
  }

  #refuseWhenClosed(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#closed) throw new ForewarnError('FW304', 'the log is closed');
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

const STATES = stateTopic('');

/** Next offsets behind records, by place. */
const endsOf = (
  records: readonly Outgoing[],
  offsets: readonly number[],
): readonly (readonly [topic: string, partition: number, end: number])[] => {
  const ends = new Map<string, readonly [topic: string, partition: number, end: number]>();
  records.forEach(({ topic, partition }, index) => {
    const place = `${topic}/${partition}`;
    const end = offsets[index]! + 1;
    if (end > (ends.get(place)?.[2] ?? 0)) ends.set(place, [topic, partition, end]);
  });
  return [...ends.values()];
};

const cut = (place: string, known: number, high: number): ForewarnError =>
  new ForewarnError(
    'FW301',
    `Kafka topic ${place} ends at ${high}, and offset ${known - 1} was committed: it was deleted or cut; restore it, or start with an empty prefix`,
  );
