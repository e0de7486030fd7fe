import { basename, extname } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { type ImportChunk, ROWS_AT_ONCE } from './import-chunk.ts';

/** What JSON has no form for: large whole numbers as text, times as ISO 8601, bytes in base64. */
const plain = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
};

/**
 * Rows of a Parquet file. With a mapping they are rows of the table that the file is named after, as a snapshot of a change
 * feed tells them; without one each is a canonical record.
 */
export async function* parquetChunks(path: string, isMapped: boolean): AsyncGenerator<ImportChunk> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw new ForewarnError('FW407', `${path} is no Parquet file that can be read; export it again`, {
      cause,
    });
  });
  const total = Number(metadata.num_rows);
  const source = { table: basename(path, extname(path)) };
  for (let rowStart = 0; rowStart < total; rowStart += ROWS_AT_ONCE) {
    const rowEnd = Math.min(rowStart + ROWS_AT_ONCE, total);
    const rows = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
    const texts = rows.map((row) =>
      JSON.stringify(isMapped ? { op: 'r', before: null, after: row, source } : withoutEmpty(row), plain),
    );
    yield {
      contentType: 'application/json',
      bytes: Buffer.from(`[${texts.join(',\n')}]`),
      rows: rows.length,
      share: rowEnd / total,
    };
  }
}

/** A column that is empty in a row is a field that is not there. */
const withoutEmpty = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined));
