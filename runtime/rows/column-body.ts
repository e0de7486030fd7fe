import type { Body } from '../item.ts';
import { type Dictionary, NULL_TEXT } from './dictionary.ts';
import type { Column, Layout } from './layout.ts';

/** Where the columns of a batch lie. All of them, with the null bits, share one ArrayBuffer. */
export interface ColumnStore {
  readonly layout: Layout;
  readonly capacity: number;
  /** Column by column: Float64Array for `f64`, Int32Array for the others. */
  readonly columns: readonly (Float64Array | Int32Array)[];
  /** One bit for each nullable column and row, column after column; a set bit is null. */
  readonly nulls: Uint8Array;
  readonly dictionaries: readonly (Dictionary | null)[];
  /** Texts for which their dictionary had no room; their id is -2 less the index. */
  readonly plain: string[];
}

const bytesOf = ({ kind }: Column): number => (kind === 'f64' ? 8 : 4);

export const newColumnStore = (
  layout: Layout,
  capacity: number,
  dictionaries: readonly (Dictionary | null)[],
): ColumnStore => {
  const wide = layout.columns.filter(({ kind }) => kind === 'f64').length;
  const narrow = layout.columns.length - wide;
  const nullBytes = layout.columns.length * (capacity >> 3);
  const buffer = new ArrayBuffer(capacity * (wide * 8 + narrow * 4) + nullBytes);
  let wideAt = 0;
  let narrowAt = capacity * wide * 8;
  const columns = layout.columns.map((column) => {
    if (bytesOf(column) === 8) {
      wideAt += capacity * 8;
      return new Float64Array(buffer, wideAt - capacity * 8, capacity);
    }
    narrowAt += capacity * 4;
    return new Int32Array(buffer, narrowAt - capacity * 4, capacity);
  });
  const nulls = new Uint8Array(buffer, capacity * (wide * 8 + narrow * 4), nullBytes);
  return { layout, capacity, columns, nulls, dictionaries, plain: [] };
};

export const isNull = ({ nulls, capacity }: ColumnStore, column: number, row: number): boolean =>
  (nulls[column * (capacity >> 3) + (row >> 3)]! & (1 << (row & 7))) !== 0;

const textAt = (store: ColumnStore, column: number, row: number): string | null => {
  const id = store.columns[column]![row]!;
  if (id >= 0) return store.dictionaries[column]!.textOf(id);
  return id === NULL_TEXT ? null : store.plain[-2 - id]!;
};

/** Makes an object of a row. */
type ReadRow = (store: ColumnStore, row: number) => unknown;

/**
 * Compiles the literal that makes an object of a row: one shape for all rows of a schema, at a fraction of what a loop
 * over the columns costs. Only names and kinds of the schema's own columns go into the code.
 */
const compileRead = ({ columns }: Layout): ReadRow => {
  const fields = columns.map(({ name, kind, nullable }, index) => {
    const raw = `c[${index}][i]`;
    const value = kind === 'text' ? `t(s, ${index}, i)` : kind === 'bool' ? `${raw} === 1` : raw;
    return `${JSON.stringify(name)}: ${nullable && kind !== 'text' ? `n(s, ${index}, i) ? null : ${value}` : value}`;
  });
  // oxlint-disable-next-line no-implied-eval -- the point of it: a literal of exactly these fields
  const make = new Function(
    't',
    'n',
    `return (s, i) => { const c = s.columns; return { ${fields.join(', ')} }; };`,
  ) as (text: typeof textAt, none: typeof isNull) => ReadRow;
  return make(textAt, isNull);
};

const readers = new WeakMap<Layout, ReadRow>();

export const readerOf = (layout: Layout): ReadRow => {
  let read = readers.get(layout);
  if (read === undefined) readers.set(layout, (read = compileRead(layout)));
  return read;
};

/** Rows that are columns, or some of them: `indexes` says which. */
export class ColumnBody<T> implements Body<T> {
  readonly store: ColumnStore;
  readonly #size: number;
  readonly #indexes: Int32Array | null;
  readonly #read: ReadRow;
  #gathered: Map<string, ArrayLike<number>> | undefined;

  constructor(store: ColumnStore, size: number, indexes: Int32Array | null) {
    this.store = store;
    this.#size = size;
    this.#indexes = indexes;
    this.#read = readerOf(store.layout);
  }

  row(index: number): T {
    return this.#read(this.store, this.#indexes === null ? index : this.#indexes[index]!) as T;
  }

  value(field: string, index: number): unknown {
    const column = this.store.layout.indexOf.get(field);
    if (column === undefined) return null;
    const row = this.#indexes === null ? index : this.#indexes[index]!;
    const { kind, nullable } = this.store.layout.columns[column]!;
    if (kind === 'text') return textAt(this.store, column, row);
    if (nullable && isNull(this.store, column, row)) return null;
    const value = this.store.columns[column]![row]!;
    return kind === 'bool' ? value === 1 : value;
  }

  numbers(field: string): ArrayLike<number> {
    const column = this.store.layout.indexOf.get(field);
    const described = column === undefined ? undefined : this.store.layout.columns[column]!;
    if (column !== undefined && this.#indexes === null && described!.kind !== 'text' && !described!.nullable)
      return this.store.columns[column]!;
    this.#gathered ??= new Map();
    let gathered = this.#gathered.get(field);
    if (gathered === undefined) this.#gathered.set(field, (gathered = this.#gather(column)));
    return gathered;
  }

  keys(field: string): ArrayLike<number> | null {
    const column = this.store.layout.indexOf.get(field);
    if (column === undefined) return null;
    const { kind, nullable } = this.store.layout.columns[column]!;
    return (kind === 'f64' || kind === 'i32') && !nullable ? this.numbers(field) : null;
  }

  written(): undefined {
    return undefined;
  }

  pick(indexes: Int32Array, size: number): ColumnBody<T> {
    const own = this.#indexes;
    if (own === null) return new ColumnBody(this.store, size, indexes);
    const through = new Int32Array(size);
    for (let at = 0; at < size; at++) through[at] = own[indexes[at]!]!;
    return new ColumnBody(this.store, size, through);
  }

  #gather(column: number | undefined): Float64Array {
    const into = new Float64Array(this.#size);
    const described = column === undefined ? undefined : this.store.layout.columns[column];
    if (column === undefined || described === undefined || described.kind === 'text') return into.fill(NaN);
    const from = this.store.columns[column]!;
    for (let at = 0; at < this.#size; at++) {
      const row = this.#indexes === null ? at : this.#indexes[at]!;
      into[at] = described.nullable && isNull(this.store, column, row) ? NaN : from[row]!;
    }
    return into;
  }
}
