import type { Clock } from '../clock.ts';
import { ForewarnError } from '../forewarn-error.ts';
import {
  decodeRun,
  encodeFrame,
  outlineFrame,
  type Frame,
  type FrameOutline,
  type FrameRecord,
} from './frame.ts';
import { Journal } from './journal.ts';
import type { Appended, AppendOptions, Commit, Log, LogRecord, NewRecord } from './log.ts';
import { partitionOf } from './partitioner.ts';
import { RunIndex } from './run-index.ts';

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
}

/** Log times of two records differ by at least this: 2^-10 ms, which a double holds exactly until the year 4,100. */
const STEP = 1 / 1024;

interface Waiting {
  readonly frame: (position: Stamp) => Frame;
  readonly bytes: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}
interface Stamp {
  next(at?: number): number;
  base(topic: string, partition: number, count: number): number;
}

export const stateTopic = (producer: string): string => `~state/${producer}`;

/**
 * The log in one journal: all partitions share its segments, so that one fsync commits everything that waits, and a
 * task's rows, state and frontier are one frame, there whole or not at all. Guarantee: what `append` or `commit`
 * resolved survives the process and the machine; a frame that was not whole is as if it had never been.
 */
export class EmbeddedLog implements Log {
  readonly #options: EmbeddedLogOptions;
  readonly #indexes = new Map<string, RunIndex>();
  /** Ends as readers may see them: only what is durable. */
  readonly #visible = new Map<string, number>();
  /** Ends as the next frame will be stamped. */
  readonly #next = new Map<string, number>();
  readonly #frontiers = new Map<string, number>();
  readonly #epochs = new Map<string, number>();
  readonly #producers: string[] = [];
  readonly #producerIds = new Map<string, number>();
  readonly #documents = new Map<string, Map<string, Promise<Appended>>>();
  readonly #listeners = new Set<() => void>();
  readonly #waiting: Waiting[] = [];
  readonly #holds = new Map<string, ReadonlyMap<string, number>>();
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #broken: unknown;
  #closed = false;
  #journal!: Journal;
  #clock: Clock = { now: () => this.#lastStamp };
  #lastStamp = 0;
  #closedUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;

  private constructor(options: EmbeddedLogOptions) {
    this.#options = options;
  }

  static async open(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
    const log = new EmbeddedLog(options);
    for (const topic of Object.keys(options.topics)) {
      for (let partition = 0; partition < options.topics[topic]!; partition++) log.#index(topic, partition);
    }
    log.#journal = await Journal.open(
      {
        folder: options.folder,
        ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
      },
      (frame, position, bytes) => {
        log.#admit(frame, position);
        log.#rememberDocuments(frame, bytes);
      },
    );
    log.#closedUntil = log.#lastStamp;
    log.#lastTick = log.#lastStamp;
    if (options.time !== 'recorded') {
      log.#clock = options.time(log.#lastStamp);
      log.#timer = setInterval(() => log.#advanceTime(), 50);
      log.#timer.unref();
    }
    return log;
  }

  get closedUntil(): number {
    return this.#closedUntil;
  }

  /** Log time now; between two records it goes on. */
  get clock(): Clock {
    return this.#clock;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#journal.end - this.#journal.begin;
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
    const { documentId } = options;
    if (documentId !== undefined) {
      const known = this.#documents.get(topic)?.get(documentId);
      if (known !== undefined) return known.then((first) => ({ ...first, duplicate: true }));
    }
    if (this.#waitingBytes > (this.#options.queueBytes ?? 64 << 20)) {
      return Promise.reject(
        new ForewarnError('FW310', `${this.#waitingBytes} bytes wait for the disk; send again later`),
      );
    }
    const headers = documentId === undefined ? record.headers : { ...record.headers, documentId };
    let answer: Appended | undefined;
    const appended = this.#enqueue(record.value.length, (stamp) => {
      const heardAt = stamp.next(this.#options.time === 'recorded' ? options.heardAt : undefined);
      const baseOffset = stamp.base(topic, partition, 1);
      answer = { partition, offset: baseOffset, heardAt, duplicate: false };
      const written: FrameRecord = {
        heardAt,
        key: record.key,
        headers: headers === undefined ? '' : JSON.stringify(headers),
        value: record.value,
      };
      const runs = [{ topic, partition, baseOffset, records: [written] }];
      return { kind: 'append', time: heardAt, producer: 'external', epoch: 0, frontier: heardAt, runs };
    }).then(() => answer!);
    if (documentId !== undefined) this.#remember(topic, documentId, appended);
    return appended;
  }

  commit(commit: Commit): Promise<void> {
    const { producer, epoch, frontier, state } = commit;
    if (epoch <= (this.#epochs.get(producer) ?? 0)) return Promise.resolve();
    const bytes = commit.writes.reduce(
      (sum, write) => sum + write.records.reduce((all, row) => all + row.value.length, 0),
      0,
    );
    return this.#enqueue(bytes, (stamp) => {
      const runs = commit.writes
        .filter((write) => write.records.length > 0)
        .map(({ topic, partition, records }) => ({
          topic,
          partition,
          baseOffset: stamp.base(topic, partition, records.length),
          records: records.map((row) => ({
            heardAt: row.heardAt,
            key: row.key,
            headers: row.headers === undefined ? '' : JSON.stringify(row.headers),
            value: row.value,
          })),
        }));
      if (state !== undefined) {
        const topic = stateTopic(producer);
        const record = { heardAt: frontier, key: '', headers: '', value: state };
        runs.push({ topic, partition: 0, baseOffset: stamp.base(topic, 0, 1), records: [record] });
      }
      return { kind: 'commit', time: this.#lastStamp, producer, epoch, frontier, runs };
    });
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes = 1 << 20,
  ): Promise<readonly LogRecord[]> {
    const index = this.#index(topic, partition);
    const end = this.end(topic, partition);
    if (fromOffset >= end) return [];
    const records: LogRecord[] = [];
    let bytes = 0;
    for (let at = index.find(fromOffset); at >= 0 && at < index.size && bytes < maxBytes; at++) {
      const run = index.run(at);
      if (run.base >= end) break;
      if (run.count === 0) continue;
      const buffer = await this.#journal.read(run.position, run.bytes);
      const read = decodeRun(buffer, 0, run.count, run.base, this.#producers[run.producer]!);
      for (const record of read) {
        if (record.offset >= fromOffset && (records.length === 0 || bytes < maxBytes)) {
          records.push(record);
          bytes += record.value.length + 64;
        }
      }
    }
    return records;
  }

  end(topic: string, partition: number): number {
    return this.#visible.get(`${topic}/${partition}`) ?? 0;
  }

  begin(topic: string, partition: number): number {
    return this.#index(topic, partition).begin;
  }

  frontier(producer: string): number {
    return producer === 'external' ? this.#closedUntil : (this.#frontiers.get(producer) ?? -Infinity);
  }

  /** Last epoch that a producer committed; 0 before the first. */
  epoch(producer: string): number {
    return this.#epochs.get(producer) ?? 0;
  }

  publishFrontier(producer: string, frontier: number): void {
    if (frontier <= (this.#frontiers.get(producer) ?? -Infinity)) return;
    this.#frontiers.set(producer, frontier);
    this.#notify();
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The last state that each producer committed whose name begins so. */
  async lastStates(prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const states = new Map<string, Uint8Array>();
    for (const producer of this.#epochs.keys()) {
      const topic = stateTopic(producer);
      const end = this.end(topic, 0);
      if (!producer.startsWith(prefix) || end === 0) continue;
      const [record] = await this.read(topic, 0, end - 1);
      if (record !== undefined) states.set(producer, Uint8Array.from(record.value));
    }
    return states;
  }

  /** What a reader still needs, as first offsets by `topic/partition`; nothing at or after them is dropped. */
  hold(reader: string, offsets: ReadonlyMap<string, number>): void {
    this.#holds.set(reader, offsets);
  }

  /** Drops whole segments below every hold while the log is larger than `keepBytes`. */
  async retain(keepBytes: number): Promise<void> {
    let position = this.#journal.end - keepBytes;
    // The last state of a producer is all that it has, whoever it is.
    for (const producer of this.#epochs.keys()) {
      const topic = stateTopic(producer);
      position = Math.min(position, this.#index(topic, 0).positionOf(this.end(topic, 0) - 1));
    }
    for (const offsets of this.#holds.values()) {
      for (const [key, offset] of offsets)
        position = Math.min(position, this.#indexes.get(key)?.positionOf(offset) ?? Infinity);
    }
    if (position <= this.#journal.begin) return;
    const begin = await this.#journal.dropBefore(position);
    for (const index of this.#indexes.values()) index.dropBefore(begin);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    clearInterval(this.#timer);
    if (this.#broken === undefined) await this.#tick();
    this.#closed = true;
    await this.#writing;
    await this.#journal.close();
  }

  #index(topic: string, partition: number): RunIndex {
    const key = `${topic}/${partition}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = new RunIndex();
      this.#indexes.set(key, index);
    }
    return index;
  }

  #enqueue(bytes: number, frame: (stamp: Stamp) => Frame): Promise<void> {
    if (this.#closed || this.#broken !== undefined) {
      return Promise.reject(new ForewarnError('FW304', 'the log is closed', { cause: this.#broken }));
    }
    const written = new Promise<void>((done, failed) => {
      this.#waiting.push({ frame, bytes, done, failed });
    });
    this.#waitingBytes += bytes;
    this.#writing ??= this.#writeAll();
    return written;
  }

  /** Group commit: whatever has come while the disk was busy goes with the next fsync. */
  async #writeAll(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        if (this.#journal.needsRoll) await this.#rollSegment();
        const frames = group.map((waiting) => encodeFrame(waiting.frame(this.#stamp)));
        const position = await this.#journal.write(frames);
        let at = position;
        for (const frame of frames) {
          this.#admit(outlineFrame(frame, 0)!.frame, at);
          at += frame.length;
        }
        for (const waiting of group) this.#waitingBytes -= waiting.bytes;
        this.#closedUntil = this.#lastStamp;
        for (const waiting of group) waiting.done();
        this.#notify();
      } catch (cause) {
        this.#broken = cause;
        const error = new ForewarnError('FW302', `log could not be written: ${String(cause)}`, { cause });
        for (const waiting of [...group, ...this.#waiting.splice(0)]) waiting.failed(error);
      }
    }
    this.#writing = undefined;
  }

  readonly #stamp: Stamp = {
    next: (at) => {
      this.#lastStamp = Math.max(at ?? this.#clock.now(), this.#lastStamp + STEP);
      return this.#lastStamp;
    },
    base: (topic, partition, count) => {
      const key = `${topic}/${partition}`;
      const base = this.#next.get(key) ?? 0;
      this.#next.set(key, base + count);
      return base;
    },
  };

  /** Makes a durable frame visible. */
  #admit(frame: FrameOutline, position: number): void {
    this.#lastStamp = Math.max(this.#lastStamp, frame.time, frame.kind === 'commit' ? frame.frontier : 0);
    let producer = this.#producerIds.get(frame.producer);
    if (producer === undefined) {
      producer = this.#producers.push(frame.producer) - 1;
      this.#producerIds.set(frame.producer, producer);
    }
    for (const run of frame.runs) {
      const key = `${run.topic}/${run.partition}`;
      this.#index(run.topic, run.partition).push(
        run.baseOffset,
        run.count,
        position + run.start,
        run.bytes,
        producer,
      );
      this.#visible.set(key, run.baseOffset + run.count);
      this.#next.set(key, Math.max(this.#next.get(key) ?? 0, run.baseOffset + run.count));
    }
    if (frame.kind !== 'commit') return;
    this.#epochs.set(frame.producer, frame.epoch);
    this.#frontiers.set(
      frame.producer,
      Math.max(this.#frontiers.get(frame.producer) ?? -Infinity, frame.frontier),
    );
  }

  #rememberDocuments(frame: FrameOutline, bytes: Buffer): void {
    if (frame.kind !== 'append') return;
    for (const run of frame.runs) {
      for (const record of decodeRun(bytes, run.start, run.count, run.baseOffset, frame.producer)) {
        const { documentId } = record.headers as { documentId?: string };
        if (documentId === undefined) continue;
        const { offset, heardAt } = record;
        this.#remember(
          run.topic,
          documentId,
          Promise.resolve({ partition: run.partition, offset, heardAt, duplicate: false }),
        );
      }
    }
  }

  #remember(topic: string, documentId: string, appended: Promise<Appended>): void {
    let documents = this.#documents.get(topic);
    if (documents === undefined) this.#documents.set(topic, (documents = new Map()));
    documents.set(documentId, appended);
    appended.catch(() => documents.delete(documentId));
    if (documents.size > (this.#options.rememberedIds ?? 500_000))
      documents.delete(documents.keys().next().value!);
  }

  #advanceTime(): void {
    if (this.#writing !== undefined || this.#closed) return;
    const now = this.#clock.now();
    if (now <= this.#lastStamp) return;
    this.#lastStamp = now;
    this.#closedUntil = now;
    this.#notify();
    this.#idleTicks += 1;
    if (this.#idleTicks >= 20) void this.#tick().catch(() => undefined);
  }
  #idleTicks = 0;

  /** Writes down how late it is, so that a restart goes on from there. */
  #tick(): Promise<void> {
    this.#idleTicks = 0;
    if (this.#lastStamp === this.#lastTick) return Promise.resolve();
    this.#lastTick = this.#lastStamp;
    return this.#enqueue(0, () => {
      const time = this.#lastStamp;
      return { kind: 'tick', time, producer: 'external', epoch: 0, frontier: time, runs: [] };
    });
  }

  async #rollSegment(): Promise<void> {
    await this.#journal.roll();
    const runs = [...this.#visible].map(([key, baseOffset]) => {
      const slash = key.lastIndexOf('/');
      return { topic: key.slice(0, slash), partition: Number(key.slice(slash + 1)), baseOffset, records: [] };
    });
    const time = this.#lastStamp;
    const frame = encodeFrame({ kind: 'tick', time, producer: 'external', epoch: 0, frontier: time, runs });
    this.#admit(outlineFrame(frame, 0)!.frame, await this.#journal.write([frame]));
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
