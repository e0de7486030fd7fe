import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { RecordedDocument } from '../recorded-document.ts';

const recordedDocument = z.object({
  heardAt: z.number(),
  source: z.string().min(1),
  contentType: z.string().min(1),
  documentId: z.string().min(1),
  text: z.string(),
});

/** The documents of a recorded file in its order, one at a time: NDJSON of `RecordedDocument`. */
export async function* readRecorded(path: string): AsyncGenerator<RecordedDocument> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    yield readLine(line, `${path}:${number}`);
  }
}

const readLine = (line: string, where: string): RecordedDocument => {
  try {
    return recordedDocument.parse(JSON.parse(line));
  } catch (cause) {
    throw new ForewarnError(
      'FW401',
      `${where}: "${line.slice(0, 60)}" is no recorded document; ` +
        'a line is {"heardAt", "source", "contentType", "documentId", "text"}',
      { cause },
    );
  }
};
