import type { Clock } from '../clock.ts';
import type { Disk } from '../disk.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { ConfiguredTopics } from './configured-topics.ts';
import { Catalogue } from './catalogue.ts';
import { commitFrame, tickFrame } from './commit-frame.ts';
import { DocumentMemory } from './document-memory.ts';
import {
  cutRun,
  decodeRun,
  encodeFrame,
  outlineFrame,
  type Frame,
  type FrameOutline,
  type FrameRecord,
} from './frame.ts';
import { GroupCommit } from './group-commit.ts';
import { Journal } from './journal.ts';
import { LogTime } from './log-time.ts';
import type { Appended, AppendOptions, Commit, Committed, LineLog, LogRecord, NewRecord } from './log.ts';
import type { PackedCommit, PackedLog, PackedRun } from './packed.ts';
import { Retention } from './retention.ts';
import type { RunIndex } from './run-index.ts';
import { stateTopic } from './state-topic.ts';
import { TimeKeeper } from './time-keeper.ts';
import { writeFailed } from './write-failed.ts';

export { stateTopic };

export interface EmbeddedLogOptions {
  readonly folder: string;
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /**
   * Says how late it is, given how late it was when the log was last written (0 for a new one). `recorded`: time is
   * what the appended records say, and moves with nothing else.
   */
  readonly time: ((last: number) => Clock) | 'recorded';
  readonly segmentBytes?: number;
  /** Bytes that may wait for the disk before `append` refuses with FW310. */
  readonly queueBytes?: number;
  /** Sender's ids that are remembered per topic. */
  readonly rememberedIds?: number;
  readonly disk?: Disk;
}

/** Makes a frame when its turn to be written has come: only then offsets and log time are given out. */
type FrameMaker = () => Frame;

const LONGEST_STRING = 65_535;

/**
 * The log in one journal: all partitions share its segments, so that one fsync commits everything that waits, and a
 * task's rows, state and frontier are one frame, there whole or not at all. Guarantee: what `append` or `commit`
 * resolved survives the process and the machine; a frame that was not whole is as if it had never been.
 */
export class EmbeddedLog implements LineLog, PackedLog {
  readonly #options: EmbeddedLogOptions;
  readonly #topics: ConfiguredTopics;
  readonly #catalogue = new Catalogue();
  readonly #retention = new Retention(this.#catalogue);
  readonly #documents: DocumentMemory;
  readonly #listeners = new Set<() => void>();
  readonly #queue = new GroupCommit<FrameMaker>((group) => this.#write(group));
  readonly #time = new LogTime();
  readonly #keeper = new TimeKeeper({
    time: this.#time,
    isFree: () => !this.#queue.busy && !this.#closed,
    onMove: () => this.#notify(),
    write: () => this.#enqueue(0, () => tickFrame(this.#time.last, [])),
  });
  #closed = false;
  #journal!: Journal;

  private constructor(options: EmbeddedLogOptions) {
    this.#options = options;
    this.#topics = new ConfiguredTopics(options.topics);
    this.#documents = new DocumentMemory(options.rememberedIds ?? 500_000);
  }

  static async open(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
    const log = new EmbeddedLog(options);
    const opening = Journal.open(
      {
        folder: options.folder,
        ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
        ...(options.disk === undefined ? {} : { disk: options.disk }),
      },
      (frame, position, bytes) => {
        log.#admit(frame, position);
        log.#documents.recall(frame, bytes);
      },
    );
    log.#journal = await opening.catch((error: unknown) => {
      throw writeFailed(`log in ${options.folder} could not be opened`, error);
    });
    log.#keeper.start(options.time);
    return log;
  }

  get closedUntil(): number {
    return this.#time.closedUntil;
  }

  /** Log time now; between two records it goes on. */
  get clock(): Clock {
    return this.#time.clock;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#journal.end - this.#journal.begin;
  }

  partitionsOf(topic: string): number {
    return this.#topics.partitionsOf(topic);
  }

  partitionFor(topic: string, key: string): number {
    return this.#topics.partitionFor(topic, key);
  }

  append(topic: string, record: NewRecord, options: AppendOptions = {}): Promise<Appended> {
    const partition = this.partitionFor(topic, record.key);
    const { documentId } = options;
    if (documentId !== undefined) {
      const known = this.#documents.find(topic, documentId);
      if (known !== undefined) return known.then((first) => ({ ...first, duplicate: true }));
    }
    if (this.#queue.bytes > (this.#options.queueBytes ?? 64 << 20)) {
      return Promise.reject(
        new ForewarnError('FW310', `${this.#queue.bytes} bytes wait for the disk; send again later`),
      );
    }
    const headers = documentId === undefined ? record.headers : { ...record.headers, documentId };
    const head = headers === undefined ? '' : JSON.stringify(headers);
    if (Buffer.byteLength(record.key) > LONGEST_STRING || Buffer.byteLength(head) > LONGEST_STRING) {
      return Promise.reject(
        new ForewarnError(
          'FW702',
          `topic "${topic}": a key and the headers may have ${LONGEST_STRING} bytes`,
        ),
      );
    }
    let answer: Appended | undefined;
    const appended = this.#enqueue(record.value.length, () => {
      const heardAt = this.#time.stamp(this.#options.time === 'recorded' ? options.heardAt : undefined);
      const baseOffset = this.#catalogue.reserve(topic, partition, 1);
      answer = { partition, offset: baseOffset, heardAt, duplicate: false };
      const written: FrameRecord = {
        heardAt,
        key: record.key,
        headers: head,
        value: record.value,
      };
      const runs = [{ topic, partition, baseOffset, records: [written] }];
      return { kind: 'append', time: heardAt, producer: 'external', epoch: 0, frontier: heardAt, runs };
    }).then(() => answer!);
    if (documentId !== undefined) this.#documents.remember(topic, documentId, appended);
    return appended;
  }

  commit(commit: Commit): Promise<Committed> {
    const bytes = commit.writes.reduce(
      (sum, write) => sum + write.records.reduce((all, row) => all + row.value.length, 0),
      0,
    );
    return this.#commit(commit, bytes);
  }

  commitPacked(commit: PackedCommit): Promise<Committed> {
    return this.#commit(
      commit,
      commit.writes.reduce((sum, { records }) => sum + records.bytes.length, 0),
    );
  }

  /** A data folder has one process, and so every producer has one writer. */
  claim(): Promise<void> {
    return Promise.resolve();
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes?: number,
  ): Promise<readonly LogRecord[]> {
    const runs = await this.readPacked(topic, partition, fromOffset, maxBytes);
    return runs.flatMap(({ bytes, count, base, producer }) =>
      decodeRun(bytes as Buffer, 0, count, base, producer),
    );
  }

  async readPacked(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes = 1 << 20,
  ): Promise<readonly PackedRun[]> {
    const index = this.#catalogue.index(topic, partition);
    const end = this.end(topic, partition);
    if (fromOffset >= end) return [];
    // The index is read in one go: while the disk answers, retention may move what lies in it.
    const runs: ReturnType<RunIndex['run']>[] = [];
    let runBytes = 0;
    for (let at = index.find(fromOffset); at >= 0 && at < index.size && runBytes < maxBytes; at++) {
      const run = index.run(at);
      if (run.base >= end) break;
      if (run.count === 0) continue;
      runs.push(run);
      runBytes += run.bytes;
    }
    const wanted: PackedRun[] = [];
    let left = maxBytes;
    for (const { position, bytes: size, count, base, producer: id } of runs) {
      const bytes = await this.#journal.read(position, size);
      const producer = this.#catalogue.producerOf(id);
      const cut = cutRun({ base, count, producer, bytes }, fromOffset, left, wanted.length === 0);
      if (cut === undefined) continue;
      wanted.push(cut.run);
      left = cut.left;
    }
    return wanted;
  }

  end(topic: string, partition: number): number {
    return this.#catalogue.end(topic, partition);
  }

  begin(topic: string, partition: number): number {
    return this.#catalogue.index(topic, partition).begin;
  }

  /** Ends of everything that was ever written, state too, by `topic/partition`: one moment of the journal. */
  ends(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#catalogue.ends()].map(({ topic, partition, end }) => [`${topic}/${partition}`, end]),
    );
  }

  frontier(producer: string): number {
    return producer === 'external' ? this.closedUntil : this.#catalogue.frontier(producer);
  }

  /** Last epoch that a producer committed; 0 before the first. */
  epoch(producer: string): number {
    return this.#catalogue.epoch(producer);
  }

  publishFrontier(producer: string, frontier: number): void {
    if (this.#catalogue.raiseFrontier(producer, frontier)) this.#notify();
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The last state that each producer committed whose name begins so. */
  async lastStates(prefix: string, number?: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const ending = number === undefined ? '' : `/${number}`;
    const states = new Map<string, Uint8Array>();
    for (const producer of this.#catalogue.producers()) {
      const topic = stateTopic(producer);
      const end = this.end(topic, 0);
      if (!producer.startsWith(prefix) || !producer.endsWith(ending) || end === 0) continue;
      const [record] = await this.read(topic, 0, end - 1);
      if (record !== undefined) states.set(producer, Uint8Array.from(record.value));
    }
    return states;
  }

  /** What a reader still needs, as first offsets by `topic/partition`; nothing at or after them is dropped. */
  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#retention.hold(reader, offsets);
  }

  /** Drops whole segments below every hold while the log is larger than `keepBytes`. */
  async retain(keepBytes: number): Promise<void> {
    const position = this.#retention.firstNeeded(this.#journal.end - keepBytes);
    if (position <= this.#journal.begin) return;
    const begin = await this.#journal.dropBefore(position).catch((error: unknown) => {
      throw writeFailed('old log segments could not be dropped', error);
    });
    this.#catalogue.dropBefore(begin);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#keeper.stop();
    if (this.#queue.broken === undefined) await this.#keeper.writeDown();
    this.#closed = true;
    await this.#queue.settle();
    await this.#journal.close();
  }

  /** Lets recorded time come to `until` without a record, durably: what is appended from then on is stamped later. */
  goOn(until: number): Promise<void> {
    return this.#enqueue(0, () => {
      this.#time.saw(until);
      return tickFrame(this.#time.last, []);
    });
  }

  async #commit(commit: Commit | PackedCommit, bytes: number): Promise<Committed> {
    const { producer, epoch } = commit;
    let stateEnd = this.end(stateTopic(producer), 0);
    if (epoch <= this.epoch(producer)) return { stateEnd };
    const time = this.#time;
    await this.#enqueue(bytes, () =>
      commitFrame(commit, time.last, (topic, partition, count) => {
        const base = this.#catalogue.reserve(topic, partition, count);
        if (topic === stateTopic(producer)) stateEnd = base + count;
        return base;
      }),
    );
    return { stateEnd };
  }

  #enqueue(bytes: number, frame: FrameMaker): Promise<void> {
    const { broken } = this.#queue;
    if (broken !== undefined) return Promise.reject(broken);
    if (this.#closed) return Promise.reject(new ForewarnError('FW304', 'the log is closed'));
    return this.#queue.add(frame, bytes);
  }

  async #write(group: readonly FrameMaker[]): Promise<void> {
    if (this.#journal.needsRoll) await this.#journal.roll();
    // Also where a crash came between the two.
    if (this.#journal.isAtBeginOfSegment) await this.#openSegment();
    // Time goes on while one write follows the other: what comes after this group is stamped later than its begin.
    const begunAt = this.#time.clock.now();
    const frames = group.map((frame) => encodeFrame(frame()));
    let at = await this.#journal.write(frames);
    for (const frame of frames) {
      this.#admit(outlineFrame(frame, 0, true)!.frame, at);
      at += frame.length;
    }
    this.#time.saw(begunAt);
    this.#time.close();
    this.#notify();
  }

  /** Makes a durable frame visible. */
  #admit(frame: FrameOutline, position: number): void {
    this.#time.saw(frame.kind === 'commit' ? Math.max(frame.time, frame.frontier) : frame.time);
    this.#catalogue.admit(frame, position);
  }

  /** Every segment says first where the offsets stand, for those before it may be dropped. */
  async #openSegment(): Promise<void> {
    const runs = [...this.#catalogue.ends()].map(({ topic, partition, end }) => ({
      topic,
      partition,
      baseOffset: end,
      records: [],
    }));
    if (runs.length === 0) return;
    const frame = encodeFrame(tickFrame(this.#time.last, runs));
    this.#admit(outlineFrame(frame, 0, true)!.frame, await this.#journal.write([frame]));
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
