import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { NexmarkEvent } from './events.ts';

const CHUNK_BYTES = 1 << 20;

/** All events of a data folder, one JSON object a line, in the order in which they are heard. */
export const eventsFile = (folder: string): string => join(folder, 'all.jsonl');

/** A file whose lines are written in few large pieces. */
const lineWriter = (file: string) => {
  const descriptor = openSync(file, 'w');
  let waiting = '';
  const flush = (): void => {
    writeSync(descriptor, waiting);
    waiting = '';
  };
  return {
    write: (line: string): void => {
      waiting += `${line}\n`;
      if (waiting.length >= CHUNK_BYTES) flush();
    },
    close: (): void => {
      flush();
      closeSync(descriptor);
    },
  };
};

/** Writes all events to `all.jsonl`, and every other one to `part-0.jsonl` and `part-1.jsonl`; returns how many. */
export const writeEventFiles = (folder: string, events: Iterable<NexmarkEvent>): number => {
  mkdirSync(folder, { recursive: true });
  const all = lineWriter(eventsFile(folder));
  const parts = [0, 1].map((part) => lineWriter(join(folder, `part-${part}.jsonl`)));
  let count = 0;
  for (const event of events) {
    const line = JSON.stringify(event);
    all.write(line);
    parts[count % 2]!.write(line);
    count += 1;
  }
  for (const writer of [all, ...parts]) writer.close();
  return count;
};

/**
 * Hands over the lines of a file, one by one, as fast as one thread reads them. The data is plain ASCII, so bytes are
 * taken as Latin-1, which costs least.
 */
export const eachLine = (file: string, take: (line: string) => void): void => {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = '';
    for (let bytes = readSync(descriptor, buffer); bytes > 0; bytes = readSync(descriptor, buffer)) {
      const text = rest + buffer.toString('latin1', 0, bytes);
      let from = 0;
      for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
        take(text.slice(from, to));
        from = to + 1;
      }
      rest = text.slice(from);
    }
    if (rest !== '') take(rest);
  } finally {
    closeSync(descriptor);
  }
};

export const parseEvent = (line: string): NexmarkEvent => JSON.parse(line) as NexmarkEvent;

/** Every event of a data folder as an object in memory: 2 million take about 1.3 GB. */
export const readEvents = (folder: string): NexmarkEvent[] => {
  const events: NexmarkEvent[] = [];
  eachLine(eventsFile(folder), (line) => events.push(parseEvent(line)));
  return events;
};
