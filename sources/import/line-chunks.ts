import { BYTES_AT_ONCE, type ImportChunk, ROWS_AT_ONCE } from './import-chunk.ts';
import { readLines } from './read-lines.ts';

/** Canonical records, one a line. */
export async function* lineChunks(path: string): AsyncGenerator<ImportChunk> {
  let lines: Uint8Array[] = [];
  let bytes = 0;
  let share = 0;
  const made = (): ImportChunk => ({
    contentType: 'application/x-ndjson',
    bytes: Buffer.concat(lines),
    rows: lines.length,
    share,
  });
  for await (const line of readLines(path, null)) {
    if (lines.length >= ROWS_AT_ONCE || (lines.length > 0 && bytes + line.bytes.length > BYTES_AT_ONCE)) {
      yield made();
      lines = [];
      bytes = 0;
    }
    lines.push(line.bytes);
    bytes += line.bytes.length;
    share = line.share;
  }
  if (lines.length > 0) yield made();
}
