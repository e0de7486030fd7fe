import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { InputMapping } from '../../domain/input-mapping.ts';
import { IMPORTED } from '../../domain/history.ts';
import { stableId } from '../../domain/stable-id.ts';
import type { ImportChunk } from './import-chunk.ts';
import { chunksOf, type ImportFile } from './import-files.ts';
import { readPosition, writePosition } from './import-position.ts';

export interface ImportOptions {
  readonly files: readonly ImportFile[];
  readonly source: string;
  readonly mapping: InputMapping | undefined;
  /** Where is kept how far it has come. */
  readonly positionFile: string;
  /** Resolves when the document is durable; answers whether it was known. */
  readonly append: (id: string, chunk: ImportChunk) => Promise<{ readonly duplicate: boolean }>;
  readonly note: (line: string) => void;
}

export interface Imported {
  readonly documents: number;
  readonly rows: number;
  /** Documents that the log had already. */
  readonly known: number;
  /** Rows of an earlier try that were passed over. */
  readonly before: number;
}

/** Documents that are on their way at the same time. */
const AT_ONCE = 8;

/** Of the bytes of a file and of what cuts them into documents: the same one means the same documents. */
const digestOf = async ({ path }: ImportFile, mapping: InputMapping | undefined): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return stableId(hash.digest('hex'), JSON.stringify(mapping ?? null));
};

const idOf = ({ name }: ImportFile, source: string, number: number, { bytes }: ImportChunk): string =>
  `${IMPORTED}${stableId('import', source, name, number, createHash('sha256').update(bytes).digest('hex'))}`;

/**
 * Feeds files of history into the log, a document of some rows at a time. Guarantee: each document once. Its id is made of
 * its content, its number and the name of the file, so one that was appended before a kill is recognised when it comes again; how far
 * each file has come is written down after it is durable, so what is done is passed over.
 *
 *     killed after 16 documents, position says 8 → the next try passes over 8, sends 8 that are known, goes on with the 17th
 */
export const importHistory = async (options: ImportOptions): Promise<Imported> => {
  const { files, source, mapping, positionFile, append, note } = options;
  const position = readPosition(positionFile);
  let [documents, rows, known, before] = [0, 0, 0, 0];
  for (const file of files) {
    const digest = await digestOf(file, mapping);
    const kept = position[file.name];
    const done = kept?.digest === digest ? kept : { digest, documents: 0, rows: 0, isDone: false };
    before += done.rows;
    if (done.isDone) {
      note(`${file.name}: imported before`);
      continue;
    }
    if (done.documents > 0) note(`${file.name}: goes on after ${done.rows} rows`);
    let number = 0;
    let rowsDone = done.rows;
    let told = 0;
    let waiting: { readonly chunk: ImportChunk; readonly appended: ReturnType<typeof append> }[] = [];
    const settle = async (isDone: boolean): Promise<void> => {
      for (const { chunk, appended } of waiting) {
        const { duplicate } = await appended;
        if (duplicate) known += 1;
        else documents += 1;
        rows += duplicate ? 0 : chunk.rows;
        rowsDone += chunk.rows;
      }
      waiting = [];
      position[file.name] = { digest, documents: number, rows: rowsDone, isDone };
      writePosition(positionFile, position);
    };
    for await (const chunk of chunksOf(file, source, mapping)) {
      number += 1;
      if (number <= done.documents) continue;
      const appended = append(idOf(file, source, number, chunk), chunk);
      // It is waited for below; until then a refusal is not unheard.
      appended.catch(() => undefined);
      waiting.push({ chunk, appended });
      if (waiting.length < AT_ONCE) continue;
      await settle(false);
      const tenth = Math.floor(chunk.share * 10);
      if (tenth > told && tenth < 10) note(`${file.name}: ${tenth * 10} %, ${rowsDone} rows`);
      told = tenth;
    }
    await settle(true);
    note(`${file.name}: ${rowsDone} rows`);
  }
  return { documents, rows, known, before };
};
