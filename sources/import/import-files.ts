import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InputMapping } from '../../domain/input-mapping.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import { csvChunks } from './csv-chunks.ts';
import type { ImportChunk } from './import-chunk.ts';
import { lineChunks } from './line-chunks.ts';
import { parquetChunks } from './parquet-chunks.ts';

export const importFormats = ['csv', 'ndjson', 'parquet'] as const;
export type ImportFormat = (typeof importFormats)[number];

export interface ImportFile {
  readonly path: string;
  /** Below the folder that was given. */
  readonly name: string;
  readonly format: ImportFormat;
}

const byExtension: Readonly<Record<string, ImportFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
};

const formatOfFile = (name: string): ImportFormat | undefined =>
  byExtension[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];

/** A file, or all of a folder in the order of their names. FW407 for what is not there and what nothing reads. */
export const importFiles = async (path: string, format?: ImportFormat): Promise<readonly ImportFile[]> => {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ForewarnError('FW407', `${path} is not there, or may not be read; give a file or a folder`, {
      cause,
    });
  });
  const names = found.isDirectory()
    ? (await readdir(path, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted()
    : [path];
  return names.map((one) => {
    const own = format ?? formatOfFile(one);
    if (own === undefined)
      throw new ForewarnError(
        'FW407',
        `${one}: its name says none of ${importFormats.join(', ')}; give --format, or take it out of the folder`,
      );
    const name = found.isDirectory() ? one.slice(join(path, '/').length) : basename(one);
    return { path: one, name: name.replaceAll('\\', '/'), format: own };
  });
};

/** FW407 for a CSV file of a source that no mapping reads. */
export const chunksOf = (
  { path, format }: ImportFile,
  source: string,
  mapping: InputMapping | undefined,
): AsyncGenerator<ImportChunk> => {
  switch (format) {
    case 'ndjson':
      return lineChunks(path);
    case 'parquet':
      return parquetChunks(path, mapping !== undefined);
    case 'csv':
      if (mapping !== undefined) return csvChunks(path, mapping);
      throw new ForewarnError(
        'FW407',
        `${path}: no file of rules/inputs reads source "${source}"; add one that says what a row is`,
      );
  }
};
