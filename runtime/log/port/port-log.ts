import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import { ForewarnError } from '../../forewarn-error.ts';
import { takeError } from '../../threads/passed-error.ts';
import { ConfiguredTopics } from '../configured-topics.ts';
import type { Appended, AppendOptions, Commit, Committed, Log, LogRecord, NewRecord } from '../log.ts';
import { packCommit, unpackRuns } from '../packed-records.ts';
import { BytesInFlight } from './bytes-in-flight.ts';
import { LogMirror } from './log-mirror.ts';
import type { Answer, FromLog, Question, ToLog, Welcome } from './messages.ts';

interface Asked {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

type Unasked<Q = Question> = Q extends Question ? Omit<Q, 'id'> : never;

/** Of what was read and has not come yet: a few reads at a time. */
const BYTES_TO_READ = 16 << 20;
/** Of commits that are not durable yet. */
const BYTES_TO_COMMIT = 64 << 20;
const READ_BYTES = 1 << 20;

/**
 * A log that is in another thread. Records cross as bytes, encoded and decoded here; what many ask in one turn of the event
 * loop goes in one message. Ends and frontiers are as of the last message, all of one moment; a frontier that this thread
 * tells is seen here at once, and after it there. Guarantee: as the log's that it is of. It serves tasks, and so it knows
 * the producers that it was made for alone.
 */
export class PortLog implements Log {
  readonly stampers?: readonly string[];
  readonly #port: MessagePort;
  readonly #topics: ConfiguredTopics;
  readonly #mirror = new LogMirror();
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Map<number, Asked>();
  readonly #reads = new BytesInFlight(BYTES_TO_READ);
  readonly #commits = new BytesInFlight(BYTES_TO_COMMIT);
  #questions: Question[] = [];
  #transfer: ArrayBuffer[] = [];
  #frontiers = new Map<string, number>();
  /** The last that was told of each producer from here, whatever the other side knew before. */
  readonly #told = new Map<string, number>();
  #hasSeen = false;
  #isSending = false;
  #isClosed = false;
  #ids = 0;

  private constructor(port: MessagePort, { topics, stampers, moves }: Welcome) {
    this.#port = port;
    this.#topics = new ConfiguredTopics(topics);
    if (stampers !== undefined) this.stampers = stampers;
    this.#mirror.take(moves);
    port.on('message', (message: FromLog) => this.#take(message));
    port.on('close', () => this.#end());
  }

  /** Resolves when the other side has told how the log stands. */
  static open(port: MessagePort): Promise<PortLog> {
    return new Promise((resolve, reject) => {
      port.once('message', ({ welcome }: FromLog) =>
        welcome === undefined ? reject(closed()) : resolve(new PortLog(port, welcome)),
      );
    });
  }

  get closedUntil(): number {
    return this.#mirror.closedUntil;
  }

  /** As the log's clock was when it was last heard of. */
  get clock(): Clock {
    return { now: () => this.#mirror.now };
  }

  partitionsOf(topic: string): number {
    return this.#topics.partitionsOf(topic);
  }

  partitionFor(topic: string, key: string): number {
    return this.#topics.partitionFor(topic, key);
  }

  async append(topic: string, record: NewRecord, options: AppendOptions = {}): Promise<Appended> {
    // As it is now, and without what else may lie in its buffer.
    const value = Uint8Array.from(record.value);
    const answer = await this.#ask({ ask: 'append', topic, record: { ...record, value }, options }, [
      value.buffer,
    ]);
    return 'appended' in answer ? answer.appended : misunderstood();
  }

  async commit(commit: Commit): Promise<Committed> {
    // Encoded now: what is handed in belongs to the task again when this returns.
    const packed = packCommit(commit);
    const { buffer } = packed.state ?? packed.writes[0]?.records.bytes ?? new Uint8Array();
    const answer = await this.#commits.run(buffer.byteLength, () =>
      this.#ask({ ask: 'commit', commit: packed }, [buffer as ArrayBuffer]),
    );
    return 'committed' in answer ? answer.committed : misunderstood();
  }

  async read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes?: number,
  ): Promise<readonly LogRecord[]> {
    const answer = await this.#reads.run(maxBytes ?? READ_BYTES, () =>
      this.#ask({ ask: 'read', topic, partition, fromOffset, maxBytes }),
    );
    return 'runs' in answer ? unpackRuns(answer.runs) : misunderstood();
  }

  end(topic: string, partition: number): number {
    return this.#mirror.end(topic, partition);
  }

  epoch(producer: string): number {
    return this.#mirror.epoch(producer);
  }

  frontier(producer: string): number {
    return producer === 'external' ? this.closedUntil : this.#mirror.frontier(producer);
  }

  publishFrontier(producer: string, frontier: number): void {
    if (this.#isClosed || frontier <= (this.#told.get(producer) ?? -Infinity)) return;
    this.#told.set(producer, frontier);
    this.#frontiers.set(producer, frontier);
    this.#send();
    if (this.#mirror.raiseFrontier(producer, frontier)) this.#notify();
  }

  async follow(reader: string, from: ReadonlyMap<string, number>): Promise<void> {
    await this.#ask({ ask: 'follow', reader, from });
  }

  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#end();
    this.#port.close();
    return Promise.resolve();
  }

  #ask(question: Unasked, transfer: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(closed());
    const id = (this.#ids += 1);
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#questions.push({ ...question, id });
      this.#transfer.push(...transfer);
      this.#send();
    });
  }

  /** With everything else that is to be said in this turn. */
  #send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    queueMicrotask(() => {
      this.#isSending = false;
      if (this.#isClosed) return;
      const message: ToLog = {
        questions: this.#questions,
        frontiers: [...this.#frontiers],
        hasSeen: this.#hasSeen,
      };
      const transfer = this.#transfer;
      this.#questions = [];
      this.#transfer = [];
      this.#frontiers = new Map();
      this.#hasSeen = false;
      this.#port.postMessage(message, transfer);
    });
  }

  #take({ moves, answers }: FromLog): void {
    if (moves !== null) {
      this.#mirror.take(moves);
      this.#hasSeen = true;
      this.#send();
    }
    for (const answer of answers) {
      const asked = this.#asked.get(answer.id);
      this.#asked.delete(answer.id);
      if ('error' in answer) asked?.reject(takeError(answer.error));
      else asked?.resolve(answer);
    }
    if (moves !== null) this.#notify();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { reject } of this.#asked.values()) reject(closed());
    this.#asked.clear();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

const closed = (): ForewarnError => new ForewarnError('FW304', 'the log is closed');

const misunderstood = (): never => {
  throw new TypeError('the other side of the port answered something else than was asked');
};
