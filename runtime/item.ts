/**
 * What moves along a flow. A task cuts its input into beats: some rows in the order of the log, and with them how far
 * time came by each. Every operator answers a beat of its input with one of its own, the last part of which says so.
 */
export type Item<T> = Rows<T> | Barrier;

/**
 * How time came on during a beat, an entry for each row that the task took and for each moment at which time moved
 * without one. All rows of a beat, behind all operators, point into it, so that what an operator does at a moment
 * depends on the moment and never on where a batch was cut.
 */
export interface Progress {
  readonly size: number;
  /** Log time of each entry; never back. */
  readonly heardAt: Float64Array;
  /** The task's watermark when the entry was done: below it no row is expected any more. Never back. */
  readonly watermark: Float64Array;
}

/**
 * A micro-batch, a struct of arrays: 256 rows wanted, 1,024 at most. The arrays may be longer than `size`. A batch is
 * lent: its arrays hold until the beat is over, and whoever keeps a row longer copies it.
 */
export interface Rows<T> {
  readonly kind: 'rows';
  readonly size: number;
  readonly body: Body<T>;
  /** Key of each row; null before the first `keyBy`. */
  readonly keys: Keys | null;
  /** Event time. */
  readonly at: Float64Array;
  /** Log time of what caused the row. */
  readonly heardAt: Float64Array;
  /** Watermark of the input that the row came from, before the row: what is below it is late. */
  readonly origin: Float64Array;
  /** The entry of `progress` during which the row was made; never back. */
  readonly position: Int32Array;
  readonly progress: Progress;
  /** False when more rows of the same beat follow. */
  readonly last: boolean;
}

/** Rows before it belong to this epoch and the state they made goes into its checkpoint; rows after it do not. */
export interface Barrier {
  readonly kind: 'barrier';
  readonly epoch: number;
}

/** What rows consist of: columns, or objects where no schema says which columns there are. */
export interface Body<T> {
  /** The row as an object; one that may be kept. */
  row(index: number): T;
  /** A field of one row; null where it has none. */
  value(field: string, index: number): unknown;
  /** A field of all rows as numbers, NaN where it is none; lent like the batch. */
  numbers(field: string): ArrayLike<number>;
  /** A field of all rows as numeric keys, where it is a column of numbers without nulls; else null. */
  keys(field: string): ArrayLike<number> | null;
  /** The row as JSON, as it was read, where it is of this schema and nobody has changed it. */
  written(schema: unknown, index: number): Uint8Array | undefined;
  /** The rows at these indexes, the first `size` of them. */
  pick(indexes: Int32Array, size: number): Body<T>;
}

export type Key = string | number;
export type Keys = ArrayLike<string> | ArrayLike<number>;

export const WANTED_ROWS = 256;
export const MAX_ROWS = 1_024;
