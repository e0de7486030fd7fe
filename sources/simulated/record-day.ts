import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createWorld, type WorldOptions } from './world.ts';

const hourMs = 3_600_000;

export interface RecordOptions extends WorldOptions {
  readonly days: number;
}

/** Writes what a world would send, a `RecordedDocument` a line, for replay. Resolves with how many there are. */
export const recordDay = async (options: RecordOptions, path: string): Promise<number> => {
  const world = createWorld({ ...options, keepTruth: false });
  const file = createWriteStream(path);
  const end = options.startAt + options.days * 24 * hourMs;
  let documents = 0;
  for (let until = options.startAt + hourMs; world.now < end; until += hourMs) {
    for (const document of world.advance(Math.min(until, end))) {
      documents += 1;
      if (!file.write(`${JSON.stringify(document)}\n`)) await once(file, 'drain');
    }
  }
  file.end();
  await finished(file);
  return documents;
};
