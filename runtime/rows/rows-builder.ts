import { type Item, type Key, type Progress, type Rows, WANTED_ROWS } from '../item.ts';
import { ObjectBody } from './object-body.ts';

interface Marks {
  readonly at: Float64Array;
  readonly heardAt: Float64Array;
  readonly origin: Float64Array;
  readonly position: Int32Array;
}

/** The four numbers that go with each row, in one buffer. */
export const newMarks = (rows: number): Marks => {
  const buffer = new ArrayBuffer(rows * 28);
  return {
    at: new Float64Array(buffer, 0, rows),
    heardAt: new Float64Array(buffer, rows * 8, rows),
    origin: new Float64Array(buffer, rows * 16, rows),
    position: new Int32Array(buffer, rows * 24, rows),
  };
};

/**
 * Gathers the rows that an operator makes of a beat and hands them on in batches. The buffers of one beat are used
 * again in the next.
 */
export class RowsBuilder<T> {
  readonly #out: (item: Item<T>) => void;
  readonly #pool: Marks[] = [newMarks(WANTED_ROWS)];
  #used = 0;
  #values: T[] = [];
  #keys: Key[] | null = null;
  #progress: Progress | undefined;

  constructor(out: (item: Item<T>) => void) {
    this.#out = out;
  }

  /** Rows from here on belong to this beat. */
  begin(progress: Progress): void {
    if (progress === this.#progress) return;
    this.#progress = progress;
    this.#used = 0;
  }

  push(value: T, key: Key | null, at: number, heardAt: number, origin: number, position: number): void {
    if (this.#values.length === WANTED_ROWS) this.#flush(false);
    const marks = this.#pool[this.#used]!;
    const index = this.#values.push(value) - 1;
    if (key !== null) (this.#keys ??= []).push(key);
    marks.at[index] = at;
    marks.heardAt[index] = heardAt;
    marks.origin[index] = origin;
    marks.position[index] = position;
  }

  /** Ends a part of the beat; the last one goes on its way even when it has no rows. */
  end(last: boolean): void {
    if (last || this.#values.length > 0) this.#flush(last);
  }

  #flush(last: boolean): void {
    const { at, heardAt, origin, position } = this.#pool[this.#used]!;
    const values = this.#values;
    const keys = this.#keys as Rows<T>['keys'];
    this.#values = [];
    this.#keys = null;
    this.#used += 1;
    if (this.#used === this.#pool.length) this.#pool.push(newMarks(WANTED_ROWS));
    const body = new ObjectBody(values);
    const progress = this.#progress!;
    this.#out({
      kind: 'rows',
      size: values.length,
      body,
      keys,
      at,
      heardAt,
      origin,
      position,
      progress,
      last,
    });
  }
}
