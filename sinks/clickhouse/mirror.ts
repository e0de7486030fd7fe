import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { firstOffsets } from '../../runtime/log/first-offsets.ts';
import type { Log, LogRecord } from '../../runtime/log/log.ts';
import type { InsertRows } from './insert-rows.ts';
import type { z } from 'zod';
import { MirrorTask } from './mirror-task.ts';
import { slots } from '../../runtime/slots.ts';
import { type TableName, tables } from './tables.ts';

/** A topic and the table that it fills: one that ships, or one of yours with the schema of its rows. */
export type MirrorRoute =
  | { readonly topic: string; readonly table: TableName; readonly schema?: z.ZodObject }
  | { readonly topic: string; readonly table: string; readonly schema: z.ZodObject };

export interface MirrorOptions {
  readonly log: Log;
  readonly insert: InsertRows;
  readonly routes: readonly MirrorRoute[];
  /** Last state that a producer committed to the log, or undefined where it never did. */
  readonly initialState: (producer: string) => Uint8Array | undefined;
  /** A record that can never go in. Told again after a crash; the chunk goes on when its promise resolves. */
  readonly onRefused: (record: LogRecord, reason: ForewarnError, route: MirrorRoute) => void | Promise<void>;
  /** After each insert that ClickHouse took, with the last record that it made visible. */
  readonly onInserted?: (table: string, rows: number, last: LogRecord) => void;
  /** Nothing is copied until a partition number is taken: processes share them. All of them without it. */
  readonly shared?: boolean;
  /** Each failed attempt, before the wait for the next one. */
  readonly onError?: (error: ForewarnError) => void;
  /** A partition that has fewer rows than a full chunk waits this long between two inserts. */
  readonly flushMs?: number;
  readonly maxRows?: number;
  readonly maxBytes?: number;
  /** First wait after a failed attempt; it doubles up to fifty times as much. */
  readonly retryMs?: number;
}

export interface MirrorStats {
  readonly rows: number;
  readonly refused: number;
  /** Durable records that are not in their table yet, over all routes. */
  readonly lagRecords: number;
  readonly inserts: number;
  readonly errors: number;
  /** How long the last insert took: of all partitions, the slowest one. */
  readonly lastInsertMs: number;
}

/** What is sealed waits for its turn to be inserted; it is in memory meanwhile. */
const SEALED_AT_A_TIME = 8;
const INSERTS_AT_A_TIME = 2;

/**
 * Copies topics of the log into tables. Guarantee: exactly once. A chunk of offsets is sealed in the log before it
 * is inserted, and its token is made of those offsets, so after a crash the same rows come again under the same
 * token and are recognised. While ClickHouse is away nothing is read, and nothing piles up.
 */
export class Mirror {
  readonly #log: Log;
  readonly #make: (number: number) => readonly MirrorTask[];
  /** Partition numbers, of as many as the topic with the most has. */
  readonly #numbers: number;
  readonly #byNumber = new Map<number, readonly MirrorTask[]>();
  #unsubscribe: (() => void) | undefined;

  constructor(options: MirrorOptions) {
    const { log, routes } = options;
    const seen = new Set<string>();
    for (const { table } of routes) {
      if (seen.has(table))
        throw new ForewarnError('FW101', `mirror: table "${table}" is fed by two topics; give each its own.`);
      seen.add(table);
    }
    this.#log = log;
    const turn = slots(SEALED_AT_A_TIME);
    const slot = slots(INSERTS_AT_A_TIME);
    this.#numbers = Math.max(0, ...routes.map(({ topic }) => log.partitionsOf(topic)));
    this.#make = (number) =>
      routes
        .filter(({ topic }) => number < log.partitionsOf(topic))
        .map(
          (route) =>
            new MirrorTask({
              flushMs: 1_000,
              maxRows: 2_000,
              maxBytes: 4 << 20,
              retryMs: 100,
              ...options,
              route,
              schema: route.schema ?? tables[route.table as TableName].schema,
              partition: number,
              turn,
              slot,
            }),
        );
    if (options.shared !== true)
      for (let number = 0; number < this.#numbers; number++) this.#byNumber.set(number, this.#make(number));
  }

  get #tasks(): readonly MirrorTask[] {
    return [...this.#byNumber.values()].flat();
  }

  start(): void {
    if (this.#unsubscribe !== undefined) return;
    // What is read before that has come is read where it lies; a log that broke says so to whoever reads.
    for (const [number, tasks] of this.#byNumber) this.#follow(number, tasks).catch(() => undefined);
    this.#listen();
    for (const task of this.#tasks) task.start();
  }

  /** Goes on with a partition number, from the state that it was last committed with. */
  async take(number: number): Promise<void> {
    const tasks = this.#make(number);
    this.#byNumber.set(number, tasks);
    await this.#follow(number, tasks);
    this.#listen();
    for (const task of tasks) task.start();
  }

  /** Lets the running inserts of a partition number end, and leaves it to another process. */
  async give(number: number): Promise<void> {
    const tasks = this.#byNumber.get(number) ?? [];
    this.#byNumber.delete(number);
    await Promise.all(tasks.map((task) => task.stop()));
    await this.#log.follow?.(readerOf(number), new Map());
  }

  async #follow(number: number, tasks: readonly MirrorTask[]): Promise<void> {
    await this.#log.follow?.(readerOf(number), neededBy(tasks));
  }

  #listen(): void {
    this.#unsubscribe ??= this.#log.onAdvance(() => {
      for (const task of this.#tasks) task.wake();
    });
  }

  /** Resolves when everything that is durable in the log now is in its table. Rejects when stopped before that. */
  async drain(): Promise<void> {
    await Promise.all(this.#tasks.map((task) => task.drain()));
  }

  /** Lets running inserts end and begins no other. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all(this.#tasks.map((task) => task.stop()));
  }

  /** First offsets that are still needed, by `topic/partition`: what the log must not drop. */
  positions(): ReadonlyMap<string, number> {
    return neededBy(this.#tasks);
  }

  /** Durable records that each table does not have yet. */
  lagByTable(): ReadonlyMap<string, number> {
    const lag = new Map<string, number>();
    for (const task of this.#tasks) lag.set(task.table, (lag.get(task.table) ?? 0) + task.stats().lagRecords);
    return lag;
  }

  stats(): MirrorStats {
    const all = this.#tasks.map((task) => task.stats());
    const sum = (of: (stats: MirrorStats) => number): number =>
      all.reduce((total, stats) => total + of(stats), 0);
    return {
      rows: sum(({ rows }) => rows),
      refused: sum(({ refused }) => refused),
      lagRecords: sum(({ lagRecords }) => lagRecords),
      inserts: sum(({ inserts }) => inserts),
      errors: sum(({ errors }) => errors),
      lastInsertMs: Math.max(0, ...all.map(({ lastInsertMs }) => lastInsertMs)),
    };
  }
}

/** As what the log knows what mirrors a number. */
const readerOf = (number: number): string => `mirror/${number}`;

/** First offsets that tasks still need, by `topic/partition`. */
const neededBy = (tasks: readonly MirrorTask[]): ReadonlyMap<string, number> =>
  firstOffsets(tasks.map(({ source, neededFrom }) => [source, neededFrom]));
