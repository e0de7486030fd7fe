import type { Body } from '../item.ts';

/** Rows that are plain objects of any shape. A column of numbers is made when it is asked for, once a batch. */
export class ObjectBody<T> implements Body<T> {
  readonly #values: readonly T[];
  readonly #size: number;
  #columns: Map<string, Float64Array> | undefined;

  constructor(values: readonly T[], size = values.length) {
    this.#values = values;
    this.#size = size;
  }

  row(index: number): T {
    return this.#values[index]!;
  }

  value(field: string, index: number): unknown {
    return (this.#values[index] as Readonly<Record<string, unknown>>)[field] ?? null;
  }

  numbers(field: string): Float64Array {
    this.#columns ??= new Map();
    let column = this.#columns.get(field);
    if (column !== undefined) return column;
    column = new Float64Array(this.#size);
    for (let index = 0; index < this.#size; index++) {
      const value = (this.#values[index] as Readonly<Record<string, unknown>>)[field];
      column[index] = typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : NaN;
    }
    this.#columns.set(field, column);
    return column;
  }

  keys(): null {
    return null;
  }

  pick(indexes: Int32Array, size: number): ObjectBody<T> {
    const values: T[] = [];
    for (let at = 0; at < size; at++) values.push(this.#values[indexes[at]!]!);
    return new ObjectBody(values);
  }
}
