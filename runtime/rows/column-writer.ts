import { ColumnBody, type ColumnStore, newColumnStore } from './column-body.ts';
import { Dictionary, NO_ROOM, NULL_TEXT } from './dictionary.ts';
import { fieldTests, fieldWords, wrongField } from './field-tests.ts';
import type { Layout } from './layout.ts';

/** Different texts of one column that a task knows by number. */
const TEXTS_A_COLUMN = 65_536;

/** Puts a row at its place. Throws a TypeError for a field that is not what its column holds. */
type WriteRow = (store: ColumnStore, row: number, value: Readonly<Record<string, unknown>>) => void;

const putText = (store: ColumnStore, column: number, text: string): number => {
  const id = store.dictionaries[column]!.idOf(text);
  return id === NO_ROOM ? -1 - store.plain.push(text) : id;
};

const compileWrite = ({ columns }: Layout): WriteRow => {
  const lines = columns.map(({ name, kind, nullable }, index) => {
    const none =
      kind === 'text'
        ? `c[${index}][i] = ${NULL_TEXT}`
        : `s.nulls[${index} * (s.capacity >> 3) + (i >> 3)] |= 1 << (i & 7), c[${index}][i] = 0`;
    const fail = `w(${JSON.stringify(name)}, ${JSON.stringify(fieldWords[kind])}, v)`;
    const put = kind === 'text' ? `p(s, ${index}, v)` : kind === 'bool' ? `v ? 1 : 0` : 'v';
    const otherwise = nullable ? `if (v === null || v === undefined) ${none}; else ${fail};` : `${fail};`;
    return `v = o[${JSON.stringify(name)}]; if (${fieldTests[kind]}) c[${index}][i] = ${put}; else ${otherwise}`;
  });
  // oxlint-disable-next-line no-implied-eval -- straight-line code for exactly these fields
  const make = new Function(
    'p',
    'w',
    `return (s, i, o) => { const c = s.columns; let v; ${lines.join(' ')} };`,
  ) as (put: typeof putText, fail: typeof wrongField) => WriteRow;
  return make(putText, wrongField);
};

const writers = new WeakMap<Layout, WriteRow>();

/** Fills a batch of columns, row by row, and uses its buffer again for the next one. */
export class ColumnWriter<T> {
  readonly #store: ColumnStore;
  readonly #write: WriteRow;
  #size = 0;

  constructor(layout: Layout, capacity: number, texts = TEXTS_A_COLUMN) {
    const dictionaries = layout.columns.map(({ kind }) => (kind === 'text' ? new Dictionary(texts) : null));
    this.#store = newColumnStore(layout, (capacity + 7) & ~7, dictionaries);
    let write = writers.get(layout);
    if (write === undefined) writers.set(layout, (write = compileWrite(layout)));
    this.#write = write;
  }

  get size(): number {
    return this.#size;
  }

  /** Starts the next batch: what was lent before is over. */
  reset(): void {
    this.#size = 0;
    this.#store.nulls.fill(0);
    this.#store.plain.length = 0;
    for (const dictionary of this.#store.dictionaries) dictionary?.reclaim();
  }

  push(row: T): void {
    try {
      this.#write(this.#store, this.#size, row as Readonly<Record<string, unknown>>);
    } catch (error) {
      this.#clearNulls(this.#size);
      throw error;
    }
    this.#size += 1;
  }

  body(): ColumnBody<T> {
    return new ColumnBody(this.#store, this.#size, null);
  }

  /** A row that was given up leaves no null behind for the one that takes its place. */
  #clearNulls(row: number): void {
    const { nulls, capacity, columns } = this.#store;
    for (let column = 0; column < columns.length; column++)
      nulls[column * (capacity >> 3) + (row >> 3)]! &= ~(1 << (row & 7));
  }
}
