import { CsvError, parse } from 'csv-parse/sync';
import type { InputMapping } from '../../../domain/input-mapping.ts';

/** One row of a file as it stands there. */
export interface CsvRow {
  /** Number of its first line, from 1. */
  readonly line: number;
  /** Without the end of its line. */
  readonly bytes: Uint8Array;
  /** A character a byte: the charset of the file has still to be applied. */
  readonly cells: readonly string[];
  /** Why it is no row, such as a quote that is not closed. */
  readonly broken?: string;
}

type Settings = InputMapping['csv'];

/** How often a quote that is never closed is passed over; what comes after that many is one broken row. */
const MAX_RESTARTS = 20;
const LINE_FEED = 10;

/**
 * Rows of a file in its order; blank lines are none. A quote that is never closed would take the rest of the file with it:
 * its line is broken alone, and the next one is read anew.
 *
 *     1,"two\nlines" · 2,"open · 3,x → rows of lines 1 and 4, and between them line 3 broken
 */
export const csvRows = (bytes: Uint8Array, settings: Settings, firstLine = 1): readonly CsvRow[] => {
  const rows: CsvRow[] = [];
  let rest = bytes;
  let line = firstLine;
  for (let restarts = 0; rest.length > 0; restarts += 1) {
    const read = readInto(rows, rest, settings, line);
    if (read === rest.length) break;
    const open = rest.subarray(read);
    const end = restarts < MAX_RESTARTS ? open.indexOf(LINE_FEED) : -1;
    const bad = end === -1 ? open : open.subarray(0, end + 1);
    line += linesIn(rest.subarray(0, read));
    rows.push({ line, bytes: withoutEnd(bad), cells: [], broken: 'a quote is not closed' });
    line += 1;
    rest = open.subarray(bad.length);
  }
  return rows;
};

const linesIn = (bytes: Uint8Array): number => {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count += 1;
  return count;
};

const withoutEnd = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === LINE_FEED || bytes[end - 1] === 13)) end -= 1;
  return bytes.subarray(0, end);
};

/** Reads rows up to a quote that is not closed; answers how many bytes were read. */
const readInto = (
  rows: CsvRow[],
  bytes: Uint8Array,
  { delimiter, quote }: Settings,
  firstLine: number,
): number => {
  let read = 0;
  let line = firstLine;
  try {
    parse(bytes, {
      delimiter,
      quote,
      escape: quote,
      encoding: 'latin1',
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // A quote inside of a cell is a character like any other.
      relax_quotes: true,
      on_record: (cells: readonly string[], context) => {
        const own = bytes.subarray(read, context.bytes);
        read = context.bytes;
        const found = { line, bytes: withoutEnd(own), cells };
        line += linesIn(own);
        if (cells.some((cell) => cell.trim() !== '')) rows.push(found);
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return read;
    throw error;
  }
  return bytes.length;
};
