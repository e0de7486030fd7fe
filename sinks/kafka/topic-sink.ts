import type { Admin, KafkaError } from '@confluentinc/kafka-javascript';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { GrowingWait } from '../../runtime/growing-wait.ts';
import { notAnswering } from '../../runtime/kafka/connection.ts';
import type { Outgoing } from '../../runtime/kafka/outgoing.ts';
import { topicBounds } from '../../runtime/kafka/topic-bounds.ts';
import type { LineLog, LogRecord } from '../../runtime/log/log.ts';
import type { SinkPosition } from './sink-position.ts';
import {
  lastPosition,
  MOST_OPEN_MS,
  openSinkWriter,
  type SinkWriter,
  type SinkWriterOptions,
} from './sink-writer.ts';

type SinkLog = Pick<LineLog, 'read' | 'begin' | 'end' | 'hold' | 'onAdvance' | 'follow'>;

/** A row of ours that is on its way, with its place. */
interface Row {
  readonly partition: number;
  readonly record: LogRecord;
}

export interface TopicSinkOptions extends SinkWriterOptions {
  /** Of the topic of ours. */
  readonly partition: number;
  readonly admin: Admin;
  readonly log: SinkLog;
  /** Topic of ours, and theirs. */
  readonly from: string;
  readonly to: string;
  readonly start: 'earliest' | 'latest';
  /** How often the data folder was rewound. */
  readonly generation: number;
  /** The record of a row; `short` when the topic does not take the whole. */
  readonly encode: (row: Row, short: boolean) => Outgoing | Promise<Outgoing>;
  /** A row that the topic does not take: resolves when it is a dead letter. Without it the short form is written. */
  readonly refuse?: (row: Row, reason: string) => Promise<void>;
  readonly counts: {
    readonly rows: (topic: string, n: number) => void;
    readonly failed: (topic: string) => void;
  };
  readonly note: (line: string) => void;
}

const MOST_ROWS = 2_000;
const MOST_BYTES = 4 << 20;
const TOO_LARGE = 10;
const STOP_WITHIN_MS = 5_000;

/**
 * Writes the rows of a partition of a topic of ours to a topic of somebody else, in their order. Guarantee, by mode: `epoch`
 * exactly once for whoever reads what is committed; `append` at least once. While Kafka is away nothing is read, nothing
 * piles up, and the log keeps what has not been written. A row that the topic does not take is a dead letter.
 */
export class TopicSink {
  readonly #options: TopicSinkOptions;
  readonly #stopping = new AbortController();
  readonly #wait = new GrowingWait(200, 10_000);
  #running: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;
  #unsubscribe: () => void = () => undefined;
  #writer: SinkWriter | undefined;
  #position: SinkPosition | undefined;
  #most = MOST_ROWS;
  #noted = '';
  #isStopped = false;
  #writingSince = Infinity;

  constructor(options: TopicSinkOptions) {
    this.#options = options;
  }

  get sink(): string {
    return this.#options.sink;
  }

  /** It writes nothing any more, since another process has it or its position is of another log. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** What it needs of the log is for others to say. */
  letGo(): void {
    this.#options.log.hold(this.#reader, new Map());
  }

  start(): void {
    const { log, from, partition } = this.#options;
    // Until Kafka has said how far it had come, all is needed.
    this.#holdFrom(log.begin(from, partition));
    this.#unsubscribe = log.onAdvance(() => this.#wake());
    this.#running = this.#run();
  }

  /** Lets what is being written end, and begins nothing more. Kafka that is away is not waited for. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    this.#wake();
    const late = setTimeout(() => void this.#writer?.close(), STOP_WITHIN_MS);
    await this.#running;
    clearTimeout(late);
    await this.#options.log.follow?.(this.#reader, new Map());
  }

  /** Durable rows that are not written yet. */
  get lag(): number {
    const { log, from, partition } = this.#options;
    return Math.max(0, log.end(from, partition) - this.#next);
  }

  async #run(): Promise<void> {
    const { counts, sink } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const writer = await this.#open();
        this.#writer = writer;
        for (; !signal.aborted; this.#wait.reset()) await this.#advance(writer);
      } catch (error) {
        if (signal.aborted) return;
        // The next transaction is smaller, or goes on behind the row.
        if ((error as KafkaError).code === TOO_LARGE) continue;
        counts.failed(sink);
        const said = error instanceof Error ? error.message : String(error);
        if (error instanceof ForewarnError && (await this.#endsWith(error))) {
          this.#isStopped = true;
          this.#note(`STOPPED, and writes nothing more: ${said}`);
          return;
        }
        this.#note(`${said}; trying again`);
        await this.#wait.pass(signal).catch(() => undefined);
      } finally {
        await this.#writer?.close();
        this.#writer = undefined;
      }
    }
  }

  /** FW614 is also what is said of a transaction that the brokers have ended for its age, as after an outage: then nobody has gone on. */
  async #endsWith({ code }: ForewarnError): Promise<boolean> {
    if (code === 'FW620') return true;
    if (code !== 'FW614') return false;
    const { mostOpenMs = MOST_OPEN_MS } = this.#options;
    if (performance.now() - this.#writingSince < mostOpenMs) return true;
    const last = await lastPosition(this.#options).catch(() => undefined);
    return last !== undefined && last.next > this.#next;
  }

  async #open(): Promise<SinkWriter> {
    const { connection, admin, to, from } = this.#options;
    const there = await topicBounds(admin, to).catch((error: unknown) => {
      throw notAnswering(connection.address, error);
    });
    if (there === undefined) {
      throw new ForewarnError(
        'FW227',
        `sink of "${from}": Kafka has no topic "${to}", or does not show it to us; make it, or mend the name`,
      );
    }
    const writer = await openSinkWriter(this.#options);
    try {
      if (writer.position === undefined) await this.#begin(writer);
      else {
        await this.#check(writer.position);
        this.#position = writer.position;
      }
      this.#holdPosition();
      await this.#options.log.follow?.(this.#reader, new Map([[this.#place, this.#next]]));
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Where it begins is durable before any row is written: from `latest` no later row is missed by a crash. */
  async #begin(writer: SinkWriter): Promise<void> {
    const { log, from, partition, start, generation } = this.#options;
    const next = start === 'latest' ? log.end(from, partition) : log.begin(from, partition);
    const position: SinkPosition = { format: 1, generation, next, heardAt: null };
    await writer.write([], position);
    this.#position = position;
  }

  /** FW620 when the position is of another log: its offsets mean other rows here. */
  async #check({ generation, next, heardAt }: SinkPosition): Promise<void> {
    const { log, from, partition, prefix } = this.#options;
    const mend = 'give sinks.kafka.prefix another name, and start says which rows are written then';
    if (generation !== this.#options.generation) {
      throw new ForewarnError(
        'FW620',
        `sink of "${from}": the data folder was rewound since (generation ${this.#options.generation}, and position ${prefix} is of ${generation}), and rows of before cannot be taken back; ${mend}`,
      );
    }
    const end = log.end(from, partition);
    const isThere = heardAt !== null && next <= end && next > log.begin(from, partition);
    const [last] = isThere ? await log.read(from, partition, next - 1, 1) : [];
    if (next <= end && (last === undefined || last.heardAt === heardAt)) return;
    throw new ForewarnError(
      'FW620',
      `sink of "${from}": its position in Kafka, ${this.#place}@${next}, is of another log than this one, which ends at ${end}; ${mend}`,
    );
  }

  async #advance(writer: SinkWriter): Promise<void> {
    const rows = await this.#nextRows();
    const { counts, sink } = this.#options;
    if (rows.length === 0) return this.#untilWoken();
    const position = this.#behind(rows);
    this.#writingSince = performance.now();
    try {
      await writer.write(await this.#encoded(rows, false), position);
      this.#most = Math.min(MOST_ROWS, this.#most * 2);
    } catch (error) {
      if ((error as KafkaError).code !== TOO_LARGE) throw error;
      // Which one it was the client does not say: halved until it stands alone.
      if (rows.length > 1) this.#most = Math.ceil(rows.length / 2);
      else await this.#refused(rows[0]!, (error as KafkaError).message, position);
      throw error;
    }
    this.#goTo(position);
    counts.rows(sink, rows.length);
    this.#noted = '';
  }

  /** A row that stands alone and is too large: it is a dead letter, or goes in short, through a writer of its own. */
  async #refused(row: Row, reason: string, position: SinkPosition): Promise<void> {
    const { refuse } = this.#options;
    const writer = await openSinkWriter(this.#options);
    try {
      await refuse?.(row, reason);
      await writer.write(refuse === undefined ? await this.#encoded([row], true) : [], position);
    } finally {
      await writer.close();
    }
  }

  #goTo(position: SinkPosition): void {
    this.#position = position;
    this.#holdPosition();
  }

  #behind(rows: readonly Row[]): SinkPosition {
    const { offset, heardAt } = rows.at(-1)!.record;
    return { format: 1, generation: this.#options.generation, next: offset + 1, heardAt };
  }

  async #encoded(rows: readonly Row[], short: boolean): Promise<readonly Outgoing[]> {
    const encoded: Outgoing[] = [];
    for (const row of rows) encoded.push(await this.#options.encode(row, short));
    return encoded;
  }

  /** As much as there is, within the bounds of one transaction. */
  async #nextRows(): Promise<readonly Row[]> {
    const { log, from, partition } = this.#options;
    if (this.lag === 0) return [];
    const records = await log.read(from, partition, this.#next, MOST_BYTES);
    return records.slice(0, this.#most).map((record) => ({ partition, record }));
  }

  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#stopping.signal.aborted || this.lag > 0) resolve();
    });
  }

  get #next(): number {
    return this.#position?.next ?? 0;
  }

  get #place(): string {
    return `${this.#options.from}/${this.#options.partition}`;
  }

  /** As what the log knows it. */
  get #reader(): string {
    return `kafka-sink/${this.sink}/${this.#options.partition}`;
  }

  /** With the last row that was written: it tells this log from others. */
  #holdPosition(): void {
    this.#holdFrom(Math.max(0, this.#next - 1));
  }

  #holdFrom(offset: number): void {
    this.#options.log.hold(this.#reader, new Map([[this.#place, offset]]));
  }

  #note(line: string): void {
    if (line === this.#noted) return;
    this.#noted = line;
    this.#options.note(`kafka sink ${this.sink}/${this.#options.partition}: ${line}`);
  }
}
