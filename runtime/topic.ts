import type { z } from 'zod';
import type { Key } from './item.ts';
import type { LogRecord } from './log/log.ts';
import { type Layout, layoutOf } from './rows/layout.ts';
import { Slab } from './slab.ts';

/** A topic of the log as definitions see it: what a row is, which key places it, and its event time. */
export interface Topic<T> {
  readonly name: string;
  /** The field that is the key, where it is one. */
  readonly keyField: string | null;
  /** The key as text: it says in which partition a row lies. */
  key(row: T): string;
  /** False for rows that happen at no time of their own: then no window and no ordered join can read them. */
  readonly hasEventTime: boolean;
  at(row: T, record: LogRecord): number;
  /** How far behind the highest event time rows may come before they are late, in ms, unless configured. */
  readonly disorderMs: number;
  /** Small and slow: every task reads all of it. */
  readonly broadcast: boolean;
  /** What it held once can be read again; exactly once needs that. */
  readonly replayable: boolean;
  /** Written by tasks, which also tell in it how far event time has come. */
  readonly internal: boolean;
  read(record: LogRecord): T;
  write(row: T, at?: number): Uint8Array;
  /** Schema of its rows; null for a topic of raw bytes. */
  readonly schema: z.ZodType<T> | null;
  /** Its columns, where the schema is made of numbers, booleans and strings alone. */
  readonly layout: Layout | null;
}

type KeyFields<T> = { [F in keyof T]: T[F] extends Key ? F : never }[keyof T] & string;
type NumberFields<T> = { [F in keyof T]: T[F] extends number ? F : never }[keyof T] & string;

export interface TopicOptions<T> {
  readonly schema: z.ZodType<T>;
  readonly key: KeyFields<T> | ((row: T) => Key);
  /** Event time in ms: a field or a function, `at` where nothing is said; null when rows have none. */
  readonly at?: NumberFields<T> | ((row: T) => number) | null;
  readonly disorderMs?: number;
  readonly broadcast?: boolean;
  readonly replayable?: boolean;
}

const decoder = new TextDecoder();
const written = new Slab();
const fieldOf = (row: unknown, field: string): unknown => (row as Readonly<Record<string, unknown>>)[field];

const readJson = ({ value }: LogRecord): never => JSON.parse(decoder.decode(value)) as never;
const writeJson = (row: unknown): Uint8Array => written.put(JSON.stringify(row));

/** Of what a record's bytes are the JSON, just as a row of the topic; null where a topic reads or writes in a way of its own. */
export const jsonSchemaOf = (topic: Topic<unknown>): z.ZodType | null =>
  topic.read === readJson && topic.write === writeJson ? topic.schema : null;

/** A topic whose rows are JSON of one schema. */
export const topic = <T>(name: string, options: TopicOptions<T>): Topic<T> => {
  const { key, at = 'at', schema } = options;
  return {
    name,
    keyField: typeof key === 'function' ? null : key,
    key: typeof key === 'function' ? (row) => String(key(row)) : (row) => String(fieldOf(row, key)),
    hasEventTime: at !== null,
    at:
      typeof at === 'function'
        ? at
        : at === null
          ? (_, record) => record.heardAt
          : (row) => fieldOf(row, at) as number,
    disorderMs: options.disorderMs ?? 0,
    broadcast: options.broadcast ?? false,
    replayable: options.replayable ?? true,
    internal: false,
    read: readJson,
    write: writeJson,
    schema,
    layout: layoutOf(schema),
  };
};

/**
 * The topic behind a change of key within a pipeline: rows go through the log to the task that has their new key. A
 * value is the event time (f64, little-endian) and the row as JSON.
 */
export const internalTopic = <T>(name: string, key: (row: T) => Key, keyField: string | null): Topic<T> => ({
  name,
  keyField,
  key: (row) => String(key(row)),
  hasEventTime: true,
  at: (_, { value }) => new DataView(value.buffer, value.byteOffset).getFloat64(0, true),
  disorderMs: 0,
  broadcast: false,
  replayable: true,
  internal: true,
  read: ({ value }) => JSON.parse(decoder.decode(value.subarray(8))) as T,
  write: (row, at = NaN) => {
    const bytes = written.put(JSON.stringify(row), 8);
    bytes.writeDoubleLE(at, 0);
    return bytes;
  },
  schema: null,
  layout: null,
});

/** Topics of this kind hold what only tasks read. */
export const INTERNAL = '~';
/** Header of a record that is no row: it says how far the event time of its writer has come. */
export const WATERMARK_HEADER = 'watermark';
