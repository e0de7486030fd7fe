/**
 * What moves along a flow. Rows travel in micro-batches of 256 at most, a struct of arrays: row i is `values[i]`
 * with its key, the event time `at[i]` and the log time `heardAt[i]` of what caused it. Log time never goes back
 * along a flow. Control items keep their place among the rows.
 */
export interface Rows<T> {
  readonly kind: 'rows';
  readonly values: readonly T[];
  /** Empty strings before the first `keyBy`. */
  readonly keys: readonly string[];
  readonly at: readonly number[];
  readonly heardAt: readonly number[];
}

/** Log time has come to `now`: everything heard up to then has been seen. Timers due at or before it fire. */
export interface Time {
  readonly kind: 'time';
  readonly now: number;
}

/** No row with event time below `t` is expected any more; one that comes is late. */
export interface Watermark {
  readonly kind: 'watermark';
  readonly t: number;
}

/** Rows before it belong to this epoch and the state they made goes into its checkpoint; rows after it do not. */
export interface Barrier {
  readonly kind: 'barrier';
  readonly epoch: number;
}

export type Control = Time | Watermark | Barrier;
export type Item<T> = Rows<T> | Control;

export const MAX_ROWS = 256;

/** Gathers output rows and hands them on in batches. */
export class RowsBuilder<T> {
  #values: T[] = [];
  #keys: string[] = [];
  #at: number[] = [];
  #heardAt: number[] = [];
  readonly #out: (rows: Rows<T>) => void;

  constructor(out: (rows: Rows<T>) => void) {
    this.#out = out;
  }

  push(value: T, key: string, at: number, heardAt: number): void {
    this.#values.push(value);
    this.#keys.push(key);
    this.#at.push(at);
    this.#heardAt.push(heardAt);
    if (this.#values.length >= MAX_ROWS) this.flush();
  }

  flush(): void {
    if (this.#values.length === 0) return;
    const rows: Rows<T> = {
      kind: 'rows',
      values: this.#values,
      keys: this.#keys,
      at: this.#at,
      heardAt: this.#heardAt,
    };
    this.#values = [];
    this.#keys = [];
    this.#at = [];
    this.#heardAt = [];
    this.#out(rows);
  }
}
