import { join, resolve } from 'node:path';
import { raw } from '../pipelines/topics.ts';
import type { Config } from '../runtime/config/config.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { openDataFolder, readMarker } from '../runtime/wire/data-folder.ts';
import { timeOf } from '../runtime/wire/simulation.ts';
import { openStoppedLine } from '../runtime/wire/stopped-line.ts';
import { decode } from '../sources/decoders/decode.ts';
import type { DecoderSettings } from '../sources/decoders/decoder.ts';
import { isSourceName } from '../sources/http/source-name.ts';
import type { ImportChunk } from '../sources/import/import-chunk.ts';
import { importFiles, type ImportFormat } from '../sources/import/import-files.ts';
import { importHistory, type ImportOptions } from '../sources/import/import-history.ts';
import { configFrom, type ConfigOptions } from './config-options.ts';
import { decodingOf } from './definitions.ts';
import { keyHeader, runningProcess } from './running-process.ts';

export interface ImportCommandOptions extends ConfigOptions {
  readonly source: string;
  readonly format?: ImportFormat;
}

type Append = ImportOptions['append'];

/** `forewarn import`: history into the raw log of a data folder, whether a process runs on it or not. */
export const importCommand = async (path: string, options: ImportCommandOptions): Promise<void> => {
  const { source, format } = options;
  if (!isSourceName(source))
    throw new ForewarnError('FW101', `--source "${source}" is not 1 to 64 of a-z, 0-9 and "-"`);
  const config = configFrom(options);
  const decoding = decodingOf(config);
  const files = await importFiles(path, format);
  const imported = await withLog(config, source, decoding, (append) =>
    importHistory({
      files,
      source,
      mapping: decoding.inputs?.get(source),
      positionFile: join(resolve(config.dataFolder), 'imports', `${source}.json`),
      append,
      note: (line) => console.log(line),
    }),
  );
  const { documents, rows, known, before } = imported;
  const again =
    before === 0 && known === 0 ? '' : `; ${before} rows and ${known} documents were there before`;
  console.log(`${rows} rows imported in ${documents} documents${again}`);
};

const withLog = async <T>(
  config: Config,
  source: string,
  decoding: DecoderSettings,
  work: (append: Append) => Promise<T>,
): Promise<T> => {
  const running = await runningProcess(config);
  const heardAtOf =
    readMarker(config.dataFolder)?.time === 'recorded' ? timesIn(source, decoding) : undefined;
  if (running !== undefined) return work(posting(running.url, source, heardAtOf));
  if (readMarker(config.dataFolder) === undefined && timeOf(config) === 'live')
    openDataFolder(config.dataFolder, { partitions: config.log.partitions, time: 'live' }).release();
  const { log, close } = await openStoppedLine(config.dataFolder);
  try {
    return await work((id, chunk) => {
      const { contentType, bytes: value } = chunk;
      const heardAt = heardAtOf?.(chunk);
      const documentId = `${source}/${id}`;
      const headers = { contentType, source, documentId, via: 'import' };
      return log.append(
        raw.name,
        { key: source, value, headers },
        { documentId, ...(heardAt === undefined ? {} : { heardAt }) },
      );
    });
  } finally {
    await close();
  }
};

/** The end of time: a record that says no time of its own has this one. */
const NEVER = 8.64e15;

/**
 * When a document was heard, by what it says: the latest time in it, and never before the document ahead of it. For a log
 * whose time is that of its records.
 */
const timesIn = (source: string, decoding: DecoderSettings): ((chunk: ImportChunk) => number) => {
  let last = 0;
  return ({ contentType, bytes }) => {
    const document = { source, documentId: 'import', contentType, heardAt: NEVER, bytes };
    for (const part of decode(document, decoding)) {
      if ('value' in part && part.value.at < NEVER) last = Math.max(last, part.value.at);
    }
    return last;
  };
};

const LATER_MS = 500;
const MAX_TRIES = 240;

/** By the ingest of the process that runs. It is asked again while its line is full. */
const posting =
  (url: string, source: string, heardAtOf: ((chunk: ImportChunk) => number) | undefined): Append =>
  async (id, chunk) => {
    const heardAt = heardAtOf?.(chunk);
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(`${url}/v1/ingest/${source}`, {
        method: 'POST',
        headers: {
          ...keyHeader(),
          'content-type': chunk.contentType,
          'idempotency-key': id,
          ...(heardAt === undefined ? {} : { 'x-forewarn-heard-at': String(heardAt) }),
        },
        body: Buffer.from(chunk.bytes),
      });
      const text = await response.text();
      if (response.ok) return JSON.parse(text) as { readonly duplicate: boolean };
      const isFull = response.status === 429 || response.status === 503;
      if (!isFull || tries === MAX_TRIES)
        throw new ForewarnError(
          'FW701',
          `${url} answers ${response.status}: ${text.slice(0, 200)}; mend it and import again`,
        );
      await new Promise((done) => setTimeout(done, LATER_MS));
    }
  };
