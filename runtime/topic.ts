import type { z } from 'zod';
import type { LogRecord } from './log/log.ts';

/** A topic of the log as definitions see it: what a row is, which key places it, and its event time. */
export interface Topic<T> {
  readonly name: string;
  key(row: T): string;
  at(row: T): number;
  /** Small and slow: every task reads all of it. */
  readonly broadcast: boolean;
  read(record: LogRecord): T;
  write(row: T): Uint8Array;
  /** Schema of its rows; null for a topic of raw bytes. */
  readonly schema: z.ZodType<T> | null;
}

export interface TopicOptions<T> {
  readonly schema: z.ZodType<T>;
  readonly key: (row: T) => string;
  readonly at?: (row: T) => number;
  readonly broadcast?: boolean;
}

const decoder = new TextDecoder();

/** A topic whose rows are JSON of one schema. */
export const topic = <T>(name: string, options: TopicOptions<T>): Topic<T> => ({
  name,
  key: options.key,
  at: options.at ?? ((row) => (row as { readonly at: number }).at),
  broadcast: options.broadcast ?? false,
  read: (record) => JSON.parse(decoder.decode(record.value)) as T,
  // From Node's pool: a TextEncoder makes a buffer of its own for each row, and the collector pays for it.
  write: (row) => Buffer.from(JSON.stringify(row)),
  schema: options.schema,
});
