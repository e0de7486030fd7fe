import type { Clock } from '../../runtime/clock.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type {
  Appended,
  AppendOptions,
  Commit,
  Committed,
  Log,
  LogRecord,
  NewRecord,
} from '../../runtime/log/log.ts';
import { partitionOf } from '../../runtime/log/partitioner.ts';
import { stateTopic } from '../../runtime/log/state-topic.ts';

export interface MemoryLogOptions {
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** Without one, time stands at 0 until something is appended. */
  readonly clock?: Clock;
  /** `recorded`: `heardAt` of an append is taken as log time. */
  readonly time?: 'live' | 'recorded';
}

const STEP = 1 / 1024;

/**
 * The log's contract without a disk, for tests: everything is durable at once. What it holds outlives whoever
 * reads it, so that a "restart" in a test is simply a second reader on the same log.
 */
export class MemoryLog implements Log {
  readonly #options: MemoryLogOptions;
  readonly #records = new Map<string, LogRecord[]>();
  readonly #documents = new Map<string, Appended>();
  readonly #frontiers = new Map<string, number>();
  readonly #epochs = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #closedUntil = 0;
  #closed = false;

  /** Set to make the next appends fail, as with a full line or a broken disk. */
  failAppends: ((topic: string, record: NewRecord) => Error | undefined) | undefined;
  /** Set to hold appends back until the promise resolves: the time that a disk needs. */
  delayAppends: ((topic: string) => Promise<void> | undefined) | undefined;

  constructor(options: MemoryLogOptions) {
    this.#options = options;
  }

  get closedUntil(): number {
    return this.#closedUntil;
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

  async append(topic: string, record: NewRecord, options: AppendOptions = {}): Promise<Appended> {
    this.#refuseWhenClosed();
    const partition = this.partitionFor(topic, record.key);
    await this.delayAppends?.(topic);
    const { documentId } = options;
    const known = documentId === undefined ? undefined : this.#documents.get(`${topic}\n${documentId}`);
    if (known !== undefined) return { ...known, duplicate: true };
    const failure = this.failAppends?.(topic, record);
    if (failure !== undefined) throw failure;
    const headers = documentId === undefined ? record.headers : { ...record.headers, documentId };
    const said = this.#options.time === 'recorded' ? options.heardAt : undefined;
    const heardAt = Math.max(said ?? this.#options.clock?.now() ?? 0, this.#closedUntil + STEP);
    const offset = this.#push(topic, partition, 'external', { ...record, headers: headers ?? {}, heardAt });
    const appended = { partition, offset, heardAt, duplicate: false };
    if (documentId !== undefined) this.#documents.set(`${topic}\n${documentId}`, appended);
    this.advanceTo(heardAt);
    return appended;
  }

  async commit({ producer, epoch, frontier, writes, state }: Commit): Promise<Committed> {
    this.#refuseWhenClosed();
    const states = stateTopic(producer);
    if (epoch <= this.epoch(producer)) return { stateEnd: this.end(states, 0) };
    this.#epochs.set(producer, epoch);
    for (const { topic, partition, records } of writes)
      for (const row of records)
        this.#push(topic, partition, producer, { ...row, headers: row.headers ?? {} });
    if (state !== undefined)
      this.#push(states, 0, producer, {
        key: '',
        headers: {},
        value: state,
        heardAt: frontier,
      });
    this.#frontiers.set(producer, Math.max(frontier, this.#frontiers.get(producer) ?? -Infinity));
    const stateEnd = this.end(states, 0);
    this.#notify();
    return { stateEnd };
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes = 1 << 20,
  ): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const record of this.#of(topic, partition).slice(fromOffset)) {
      if (records.length > 0 && bytes >= maxBytes) break;
      records.push(record);
      bytes += record.value.length + 64;
    }
    return records;
  }

  end(topic: string, partition: number): number {
    return this.#of(topic, partition).length;
  }

  frontier(producer: string): number {
    return producer === 'external' ? this.#closedUntil : (this.#frontiers.get(producer) ?? -Infinity);
  }

  publishFrontier(producer: string, frontier: number): void {
    if (frontier <= this.frontier(producer)) return;
    this.#frontiers.set(producer, frontier);
    this.#notify();
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Moves log time as a tick of the real log does. */
  advanceTo(time: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, time);
    this.#notify();
  }

  /** Last epoch that a producer committed; 0 before the first. */
  epoch(producer: string): number {
    return this.#epochs.get(producer) ?? 0;
  }

  /** The states that a producer committed, oldest first. */
  statesOf(producer: string): readonly Uint8Array[] {
    return this.#of(stateTopic(producer), 0).map(({ value }) => value);
  }

  /** All records of a topic, partition after partition. */
  all(topic: string): readonly LogRecord[] {
    return Array.from({ length: this.partitionsOf(topic) }, (_, partition) =>
      this.#of(topic, partition),
    ).flat();
  }

  /** Records of a partition from an offset on, without waiting. */
  since(topic: string, partition: number, offset: number): readonly LogRecord[] {
    return this.#of(topic, partition).slice(offset);
  }

  #of(topic: string, partition: number): LogRecord[] {
    if (!topic.startsWith(stateTopic(''))) this.partitionsOf(topic);
    const name = `${topic}/${partition}`;
    let records = this.#records.get(name);
    if (records === undefined) this.#records.set(name, (records = []));
    return records;
  }

  #push(
    topic: string,
    partition: number,
    producer: string,
    row: Required<NewRecord> & { readonly heardAt: number },
  ): number {
    const records = this.#of(topic, partition);
    const { key, headers, value, heardAt } = row;
    return records.push({ offset: records.length, heardAt, producer, key, headers, value }) - 1;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new ForewarnError('FW304', 'the log is closed');
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
