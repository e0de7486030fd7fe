import type { Body, Keys } from '../../runtime/item.ts';

/** Results of windows as columns: numbers, with NaN for none, or values of any kind. */
export interface ResultColumns {
  readonly names: readonly string[];
  readonly columns: readonly (Float64Array | unknown[])[];
  /** Makes an object of a result. */
  readonly read: ReadResult;
}

export type ReadResult = (columns: ResultColumns['columns'], index: number) => unknown;

/** Compiles the literal of a result, one shape for all results of a step; a number that is none becomes null. */
export const compileResult = (names: readonly string[], numeric: readonly boolean[]): ReadResult => {
  const fields = names.map((name, column) => {
    const raw = `c[${column}][i]`;
    return `${JSON.stringify(name)}: ${numeric[column] === true ? `(v = ${raw}) === v ? v : null` : raw}`;
  });
  // oxlint-disable-next-line no-implied-eval -- a literal of exactly these fields, at a fraction of a loop's cost
  return new Function('c', 'i', `let v; return { ${fields.join(', ')} };`) as ReadResult;
};

/** A batch of results, or some of them: `indexes` says which. */
export class ResultBody implements Body<unknown> {
  readonly #results: ResultColumns;
  readonly #indexes: Int32Array | null;

  constructor(results: ResultColumns, indexes: Int32Array | null = null) {
    this.#results = results;
    this.#indexes = indexes;
  }

  row(index: number): unknown {
    return this.#results.read(this.#results.columns, this.#at(index));
  }

  value(field: string, index: number): unknown {
    const value = this.#column(field)?.[this.#at(index)];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  numbers(field: string): ArrayLike<number> {
    const column = this.#column(field);
    if (column instanceof Float64Array && this.#indexes === null) return column;
    const size = this.#indexes?.length ?? this.#results.columns[0]!.length;
    return Float64Array.from({ length: size }, (_, index) => {
      const value = column?.[this.#at(index)];
      return typeof value === 'number' ? value : NaN;
    });
  }

  keys(field: string): (Keys & ArrayLike<number>) | null {
    const column = this.#column(field);
    return column instanceof Float64Array ? (this.numbers(field) as Float64Array) : null;
  }

  written(): undefined {
    return undefined;
  }

  pick(indexes: Int32Array, size: number): ResultBody {
    const picked = new Int32Array(size);
    for (let to = 0; to < size; to++) picked[to] = this.#at(indexes[to]!);
    return new ResultBody(this.#results, picked);
  }

  #at(index: number): number {
    return this.#indexes === null ? index : this.#indexes[index]!;
  }

  #column(field: string): Float64Array | unknown[] | undefined {
    const at = this.#results.names.indexOf(field);
    return at < 0 ? undefined : this.#results.columns[at];
  }
}
