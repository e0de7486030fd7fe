import { TextDecoder } from 'node:util';
import type { InputMapping, InputTable, MappedRecord } from '../../../domain/input-mapping.ts';
import { DecodedRecords } from '../decoded-records.ts';
import type { Decode, Decoded } from '../decoder.ts';
import { isEcho, isState } from '../mapped/is-echo.ts';
import type { Row } from '../mapped/read-field.ts';
import { type MappedContext, type Place, pushRows } from '../mapped/read-mapped.ts';
import { fits, groupOf } from '../mapped/row-record.ts';
import { type CsvRow, csvRows } from './csv-rows.ts';

const LINE_FEED = 10;

/** A file as far as its header: what stands above its rows, and what its columns are called. */
export interface CsvHead {
  /** Mark, lines to skip and header, with the ends of their lines. */
  readonly above: Uint8Array;
  readonly lines: number;
  readonly columns: readonly string[];
}

const lengthOfLines = (bytes: Uint8Array, from: number, count: number): number => {
  let at = from;
  for (let line = 0; line < count && at < bytes.length; line += 1) {
    const end = bytes.indexOf(LINE_FEED, at);
    at = end === -1 ? bytes.length : end + 1;
  }
  return at;
};

const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Null where there is no header to be found. */
export const headOf = (bytes: Uint8Array, settings: InputMapping['csv']): CsvHead | null => {
  const begin = lengthOfLines(bytes, hasMark(bytes) ? 3 : 0, settings.skipLines);
  if (settings.columns !== undefined)
    return { above: bytes.subarray(0, begin), lines: settings.skipLines, columns: settings.columns };
  const end = lengthOfLines(bytes, begin, 1);
  const [header] = csvRows(bytes.subarray(begin, end), settings);
  if (header === undefined || header.broken !== undefined) return null;
  const columns = header.cells.map((cell) => decoderOf(settings).decode(Buffer.from(cell, 'latin1')).trim());
  return { above: bytes.subarray(0, end), lines: settings.skipLines + 1, columns };
};

const decoderOf = ({ charset }: InputMapping['csv']): TextDecoder =>
  new TextDecoder(charset, { fatal: true, ignoreBOM: true });

/** Columns without which nothing can be made of a row of a table. */
const needed = ({ records }: InputTable): readonly string[] =>
  records.flatMap(({ required, groupBy = [] }) => [...required, ...groupBy]);

/** The first table whose needed columns are all there; else which column the last one lacks. */
const tableFor = (
  { tables }: InputMapping,
  columns: readonly string[],
): { readonly table: InputTable } | { readonly lacks: string } => {
  let lacks = '';
  for (const table of tables) {
    const missing = needed(table).find((column) => !columns.includes(column));
    if (missing === undefined) return { table };
    lacks = missing;
  }
  return { lacks };
};

/** The cells of a row by their columns, or why there are none. */
export const rowOf = (
  { cells, broken }: CsvRow,
  columns: readonly string[],
  decoder: TextDecoder,
): Row | string => {
  if (broken !== undefined) return broken;
  const tooMany = cells.length > columns.length && cells.slice(columns.length).some((cell) => cell !== '');
  if (tooMany || cells.length < columns.length)
    return `it has ${cells.length} cells for ${columns.length} columns`;
  try {
    return Object.fromEntries(
      columns.map((column, index) => [column, decoder.decode(Buffer.from(cells[index] ?? '', 'latin1'))]),
    );
  } catch {
    return `it is not ${decoder.encoding}; name the charset of the file in its mapping`;
  }
};

/** Rows that make one record. */
interface Group {
  readonly key: string | null;
  readonly rows: Row[];
  readonly from: CsvRow[];
}

const END = new Uint8Array([LINE_FEED]);

const placeOf = (from: readonly CsvRow[], above: Uint8Array): Place => {
  const [first, last] = [from[0]?.line ?? 0, from.at(-1)?.line ?? 0];
  return {
    name: first === last ? `line ${first}` : `lines ${first} to ${last}`,
    bytes: () => Buffer.concat([above, ...from.flatMap(({ bytes }) => [bytes, END])]),
  };
};

/**
 * A file of rows, read by the mapping of its source: each row is a record, or some that follow each other are one. What is
 * no row, or does not fit, fails alone: with the header above it, so that it can be mended and played again.
 */
export const decodeCsv: Decode = (document, settings): readonly Decoded[] => {
  const records = new DecodedRecords(document, 'csv/1');
  const refuse = (reason: string): readonly Decoded[] => {
    records.fail('decode', 'FW421', reason, document.bytes);
    return records.list;
  };
  const mapping = settings.inputs?.get(document.source);
  if (mapping === undefined)
    return refuse(
      `no file of rules/inputs reads source "${document.source}"; add one that says what a row is`,
    );
  const { bytes } = document;
  const head = headOf(bytes, mapping.csv);
  if (head === null) return refuse('the file has no header; mend it, or name its columns in the mapping');
  const { above, columns, lines } = head;
  const found = tableFor(mapping, columns);
  if ('lacks' in found)
    return refuse(`the header has no column "${found.lacks}", which rules/inputs/${mapping.name}.yaml needs`);
  const entries = found.table.records;
  const context: MappedContext = { document, settings, mapping, at: document.heardAt };
  const decoder = decoderOf(mapping.csv);
  const open = new Map<MappedRecord, Group>();
  const close = (entry: MappedRecord): void => {
    const group = open.get(entry);
    open.delete(entry);
    if (group !== undefined) pushRows(records, placeOf(group.from, above), context, group.rows, entry);
  };
  for (const one of csvRows(bytes.subarray(above.length), mapping.csv, lines + 1)) {
    const row = rowOf(one, columns, decoder);
    if (typeof row === 'string') {
      const place = placeOf([one], above);
      records.fail('decode', 'FW422', `${place.name}: ${row}`, place.bytes());
      continue;
    }
    const echo = isEcho(row, mapping);
    const wanted = entries.filter(({ type, when }) => fits(row, when) && (!echo || isState(type)));
    if (wanted.length === 0) records.nothing(echo ? 'echo' : 'ignored');
    for (const entry of wanted) {
      const key = groupOf(row, entry);
      const group = open.get(entry);
      if (group !== undefined && key !== null && key === group.key) {
        group.rows.push(row);
        group.from.push(one);
      } else {
        close(entry);
        open.set(entry, { key, rows: [row], from: [one] });
        if (key === null) close(entry);
      }
    }
  }
  for (const entry of entries) close(entry);
  if (records.list.length === 0) records.nothing('heartbeat');
  return records.list;
};
