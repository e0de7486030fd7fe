/**
 * What an aggregate sees of a batch: its own field of every row. A null or missing value is NaN in `numbers` and null
 * from `value`; aggregates of a field pass it over, as SQL does. What `value` and `row` answer is plain data that
 * an aggregate may keep: nobody changes it later.
 */
export interface FieldRows {
  readonly size: number;
  readonly numbers: ArrayLike<number>;
  readonly at: ArrayLike<number>;
  readonly heardAt: ArrayLike<number>;
  value(index: number): unknown;
  row(index: number): unknown;
}

interface Labelled<In> {
  /** As people write it: `max(price)`. */
  readonly label: string;
  /** The field it reads; null for one that reads none, or whole rows. */
  readonly field: string | null;
  /** Types only: rows that it can be taken of. */
  readonly in?: (row: In) => void;
}

/**
 * An aggregate whose state is a few numbers: `width` cells of 8 bytes in the record of a key and a pane, with no object
 * and no callback. All methods change `cells` in place.
 */
export interface CellAggregate<In, Out> extends Labelled<In> {
  readonly kind: 'cells';
  readonly width: number;
  /** Makes the record at `at` that of no rows. */
  init(cells: Float64Array, at: number): void;
  /** Adds rows `from` to `to` (not with it); row i belongs to the record that starts at `records[i]`. */
  add(cells: Float64Array, records: Int32Array, rows: FieldRows, from: number, to: number): void;
  /** Adds the rows of the record at `from` of `other` to the one at `into`. */
  merge(cells: Float64Array, into: number, other: Float64Array, from: number): void;
  result(cells: Float64Array, at: number): Out;
}

/** An aggregate with an object for each key and pane: slower, and it says how large one may get. */
export interface ObjectAggregate<In, State, Out> extends Labelled<In> {
  readonly kind: 'object';
  /** Bytes that one state takes at most, as checkpoints count them. */
  readonly maxBytes: number;
  create(): State;
  /** Adds a row in place, or answers a new state. What would break its bound is thrown (FW410); the state is as before. */
  add(state: State, rows: FieldRows, index: number): State;
  /** Adds the rows of `other`, which is left as it is; throws as `add` does. */
  merge(state: State, other: State): State;
  result(state: State): Out;
  /** Plain data and typed arrays, sharing nothing with the state that may change later. */
  encode(state: State): unknown;
  decode(encoded: unknown): State;
}

export type Aggregate<In, Out> = CellAggregate<In, Out> | ObjectAggregate<In, unknown, Out>;
