import type { Clock } from '../clock.ts';

/**
 * The durable, partitioned, replayable log that stands between everything. Offsets of one topic partition rise; in the
 * embedded log they are consecutive, in Kafka the ends of transactions lie between. A reader sees only what is durable. `heardAt` never goes back: along one partition of an
 * external topic it strictly increases, and nothing is appended at or below `closedUntil` any more.
 */
export interface LogRecord {
  readonly offset: number;
  /** Log time. For rows written by a task: the log time of the input, or of the timer, that caused them. */
  readonly heardAt: number;
  /** Who wrote it: a task such as `watch/0`, or `external` for everything that comes from outside. */
  readonly producer: string;
  /** Of `external`, where several processes stamp it: which of the log's `stampers` did. */
  readonly stamper?: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
}

export interface NewRecord {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A row that a task writes; it carries the log time of its cause. */
export interface TaskRecord extends NewRecord {
  readonly heardAt: number;
}

export interface AppendOptions {
  /** A sender's id: a second append to the topic with the same one is recognised and answered as the first. */
  readonly documentId?: string;
  /** Log time of recorded input; only a log with a recorded clock takes it. */
  readonly heardAt?: number;
}

export interface Appended {
  readonly partition: number;
  readonly offset: number;
  readonly heardAt: number;
  /** True when the sender's id was known and nothing was written. */
  readonly duplicate: boolean;
}

/** What a task commits at a barrier: its rows, its changed state and how far it has come, all or nothing. */
export interface Commit {
  readonly producer: string;
  readonly epoch: number;
  /** Everything this producer will write later has `heardAt` above this. */
  readonly frontier: number;
  readonly writes: readonly TopicWrite[];
  /** Changed state since the last commit; read back by `stateOf`. */
  readonly state?: Uint8Array;
  /** The state is all that the producer keeps: nobody who goes on from it needs those before. */
  readonly isWhole?: boolean;
}

export interface Committed {
  /** Next offset of the producer's state topic behind this commit. */
  readonly stateEnd: number;
}

export interface TopicWrite {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly TaskRecord[];
}

export interface Log {
  /** Partitions of a topic; topics exist from configuration on. */
  partitionsOf(topic: string): number;
  partitionFor(topic: string, key: string): number;
  /** Resolves when the record is durable. Throws FW310 when the line is full. */
  append(topic: string, record: NewRecord, options?: AppendOptions): Promise<Appended>;
  /** Resolves when durable. A commit whose epoch is not above the producer's last one is ignored. */
  commit(commit: Commit): Promise<Committed>;
  /** Durable records from `fromOffset` on, at most `maxBytes` of values but at least one where there is one. */
  read(
    topic: string,
    partition: number,
    fromOffset: number,
    maxBytes?: number,
  ): Promise<readonly LogRecord[]>;
  /** Behind the last durable record: the next one has this offset, or a higher one. */
  end(topic: string, partition: number): number;
  /** Last epoch that a producer committed; 0 before its first. */
  epoch(producer: string): number;
  /** How far a producer has come: `closedUntil` for `external`; -Infinity for one that never committed. */
  frontier(producer: string): number;
  /** A frontier that moved without a row to write; kept in memory only, and made again after a restart. */
  publishFrontier(producer: string, frontier: number): void;
  /**
   * What a reader of this process goes on reading as it grows, as first offsets by `topic/partition`; they replace what it said
   * before, and none ends it. Resolves when the newest records are at hand. Whatever nobody follows can be read all the same, only
   * not as fast. Where this is missing all is at hand.
   */
  follow?(reader: string, from: ReadonlyMap<string, number>): Promise<void>;
  /**
   * Who stamps what comes from outside, where several processes do; each has a frontier of its own, and its records alone are in
   * the order of log time. Undefined where one process stamps all of it.
   */
  readonly stampers?: readonly string[];
  /** Log time up to which the outside world has been heard. */
  readonly closedUntil: number;
  /** Called after new durable data or a move of time. Returns the way to stop it. */
  onAdvance(listener: () => void): () => void;
  close(): Promise<void>;
}

export interface Brought {
  readonly records: number;
  /** Of their values. */
  readonly bytes: number;
}

/**
 * Processes share a line by partition number: whoever has a number runs all tasks of it, and commits as them. A number is one
 * process's at a time; whoever takes it fences whoever had it before.
 */
export interface NumbersOfLog {
  readonly count: number;
  /** Resolves when nobody else can commit as this number, and all that was committed has been read. */
  take(number: number): Promise<void>;
  /** Ends what is under way, and lets the number go. */
  give(number: number): Promise<void>;
  /** Which process has which number, by the name that it has among those that share. */
  readonly members: () => ReadonlyMap<number, string>;
}

/** A log at one moment at which nothing was half committed. */
export interface LogCut {
  /** By `topic/partition`, those of state too. */
  readonly ends: ReadonlyMap<string, number>;
  /** Log time. */
  readonly at: number;
  /** Where every producer had come. */
  readonly producers: Readonly<Record<string, ProducerAt>>;
}

/** What the last commit of a producer said. */
export interface ProducerAt {
  readonly epoch: number;
  /** Not all frontiers are numbers in JSON. */
  readonly frontier: string;
  /** Where its last state lies, and from which epoch on there are states; null of one that has none. */
  readonly state: {
    readonly at: number;
    readonly end: number;
    readonly from: number;
    readonly parts: number;
  } | null;
}

/** Tables outside of data folders that a generation of the log has filled: those of another one hold other rows. */
export interface FilledTables {
  readonly generation: number;
  readonly url: string;
  readonly database: string;
}

/** A log that is taken back to a savepoint in its place, and not copied, keeps of its savepoints what must be known for that. */
export interface SavepointsOfLog {
  /** How often it was taken back: a data folder of another generation is not of this log any more. */
  readonly generation: number;
  /** The savepoint that it was taken back to last. */
  readonly takenBackTo: { readonly id: string; readonly name: string } | undefined;
  readonly filled: readonly FilledTables[];
  /** FW322 where several processes share the line, whose commits nobody can hold back. */
  cut(): Promise<LogCut>;
  /** Durably, and for every process: nothing at or after these offsets is dropped until it is null. */
  keep(savepoint: string, holds: ReadonlyMap<string, number> | null): Promise<void>;
}

/** A log that a whole line runs on: it keeps history for as long as somebody needs it, and knows how late it is. */
export interface LineLog extends Log {
  /** Makes this process the only writer of a producer: whoever was it before can commit nothing any more. */
  claim(producer: string): Promise<void>;
  /** First offset that is still there. */
  begin(topic: string, partition: number): number;
  /** Ends of everything that was ever written, state too, by `topic/partition`. */
  ends(): ReadonlyMap<string, number>;
  /** The last state that each producer committed whose name begins so, of all partition numbers or of one. */
  lastStates(prefix: string, number?: number): Promise<ReadonlyMap<string, Uint8Array>>;
  /** What a reader still needs, as first offsets by `topic/partition`; nothing at or after them is dropped. */
  hold(reader: string, offsets: ReadonlyMap<string, number>): void;
  /** Drops what nobody needs while the log is larger than `keepBytes`. */
  retain(keepBytes: number): Promise<void>;
  /** Lets recorded time come to `until` without a record, durably: what is appended from then on is stamped later. */
  goOn(until: number): Promise<void>;
  /** Where it lies apart from the data folder. */
  readonly savepoints?: SavepointsOfLog | undefined;
  /** Where several processes share it. */
  readonly numbers?: NumbersOfLog | undefined;
  /** Log time now; between two records it goes on. */
  readonly clock: Clock;
  /** What brokers have sent to this process, by topic and partition as they call them; undefined where there are none. */
  readonly fetched?: ReadonlyMap<string, Brought>;
  /** Bytes that its history takes. */
  readonly bytes: number;
}
