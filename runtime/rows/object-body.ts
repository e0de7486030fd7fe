import type { Body } from '../item.ts';

/** Rows as they were read: JSON of a schema, and nothing of a row that is not there as it would be written. */
export interface AsRead {
  readonly schema: unknown;
  readonly json: readonly (Uint8Array | undefined)[];
}

/** Rows that are plain objects of any shape. A column of numbers is made when it is asked for, once a batch. */
export class ObjectBody<T> implements Body<T> {
  readonly #values: readonly T[];
  readonly #asRead: AsRead | null;
  readonly #size: number;
  #columns: Map<string, Float64Array> | undefined;

  constructor(values: readonly T[], asRead: AsRead | null = null) {
    this.#values = values;
    this.#asRead = asRead;
    this.#size = values.length;
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

  written(schema: unknown, index: number): Uint8Array | undefined {
    return this.#asRead?.schema === schema ? this.#asRead?.json[index] : undefined;
  }

  pick(indexes: Int32Array, size: number): ObjectBody<T> {
    const asRead = this.#asRead && {
      schema: this.#asRead.schema,
      json: picked(this.#asRead.json, indexes, size),
    };
    return new ObjectBody(picked(this.#values, indexes, size), asRead);
  }
}

const picked = <V>(from: readonly V[], indexes: Int32Array, size: number): readonly V[] => {
  const some: V[] = [];
  for (let at = 0; at < size; at++) some.push(from[indexes[at]!]!);
  return some;
};
