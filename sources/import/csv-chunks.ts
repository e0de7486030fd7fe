import { TextDecoder } from 'node:util';
import type { InputMapping } from '../../domain/input-mapping.ts';
import { type CsvHead, headOf, rowOf } from '../decoders/csv/decode-csv.ts';
import { csvRows } from '../decoders/csv/csv-rows.ts';
import { groupOf } from '../decoders/mapped/row-record.ts';
import { BYTES_AT_ONCE, type ImportChunk, ROWS_AT_ONCE } from './import-chunk.ts';
import { readLines } from './read-lines.ts';

/** Rows that belong together are kept together, up to so many. */
const LARGEST_GROUP = 50_000;

/** Whether a record of the mapping is made of both rows: then no document may end between them. */
const belongTogether = (a: Uint8Array, b: Uint8Array, head: CsvHead, mapping: InputMapping): boolean => {
  const decoder = new TextDecoder(mapping.csv.charset);
  const [one, two] = [a, b].map((bytes) => {
    const [row] = csvRows(bytes, mapping.csv);
    return row === undefined ? 'blank' : rowOf(row, head.columns, decoder);
  });
  if (one === undefined || two === undefined || typeof one === 'string' || typeof two === 'string')
    return false;
  return mapping.tables
    .flatMap(({ records }) => records)
    .some((entry) => {
      const key = groupOf(one, entry);
      return key !== null && key === groupOf(two, entry);
    });
};

/** Rows of a CSV file, with its header above each document. A file without one is one document, whose failure says so. */
export async function* csvChunks(path: string, mapping: InputMapping): AsyncGenerator<ImportChunk> {
  const headLines = mapping.csv.skipLines + (mapping.csv.columns === undefined ? 1 : 0);
  const above: Uint8Array[] = [];
  let head: CsvHead | null = null;
  let rows: Uint8Array[] = [];
  let bytes = 0;
  let share = 0;
  const made = (): ImportChunk => ({
    contentType: 'text/csv',
    bytes: Buffer.concat([...above, ...rows]),
    rows: rows.length,
    share,
  });
  for await (const line of readLines(path, mapping.csv.quote)) {
    if (above.length < headLines) {
      above.push(line.bytes);
      share = line.share;
      continue;
    }
    head ??= headOf(Buffer.concat(above), mapping.csv);
    const last = rows.at(-1);
    const isFull = rows.length >= ROWS_AT_ONCE || bytes + line.bytes.length > BYTES_AT_ONCE;
    const mayEnd =
      last !== undefined &&
      isFull &&
      (rows.length >= LARGEST_GROUP || head === null || !belongTogether(last, line.bytes, head, mapping));
    if (mayEnd) {
      yield made();
      rows = [];
      bytes = 0;
    }
    rows.push(line.bytes);
    bytes += line.bytes.length;
    share = line.share;
  }
  if (above.length > 0 || rows.length > 0) yield made();
}
