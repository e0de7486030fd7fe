import type { RecordedDocument } from '../recorded-document.ts';
import { hash32 } from './random.ts';

const minuteMs = 60_000;

/** A sender that gathers records and sends them as one document on a grid of its own. */
export interface Tray<T> {
  readonly source: string;
  readonly contentType: string;
  readonly everyMin: number;
  /** Text of one document of the gathered records; `number` counts the source's documents from 1. */
  readonly write: (records: readonly T[], at: number, number: number) => string;
  readonly sent?: (documentId: string, records: readonly T[]) => void;
}

/** Numbers documents by source and keeps those that wait to be taken. */
export interface Outgoing {
  send(source: string, contentType: string, at: number, write: (number: number) => string): string;
  take(): RecordedDocument[];
  readonly count: number;
}

/** `worldKey` keeps the documents of two worlds apart that send to one ingest. */
export const createOutgoing = (worldKey: string): Outgoing => {
  const numbers = new Map<string, number>();
  let documents: RecordedDocument[] = [];
  let count = 0;
  return {
    send(source, contentType, at, write) {
      const number = (numbers.get(source) ?? 0) + 1;
      numbers.set(source, number);
      count += 1;
      const documentId = `${source}-${worldKey}-${number}`;
      documents.push({ heardAt: at, source, contentType, documentId, text: write(number) });
      return documentId;
    },
    take() {
      const taken = documents;
      documents = [];
      return taken;
    },
    get count() {
      return count;
    },
  };
};

/**
 * Puts a record into its tray. The first one sets the time of the next document: every 30 minutes with an
 * offset of 7 → a record at 12:10 goes out at 12:37 with all that came in between.
 */
export const createTray = <T>(
  tray: Tray<T>,
  outgoing: Outgoing,
  schedule: (at: number, run: () => void) => void,
): ((record: T, at: number) => void) => {
  const stepMs = tray.everyMin * minuteMs;
  const offsetMs = hash32(tray.source) % stepMs;
  let waiting: T[] = [];
  return (record, at) => {
    waiting.push(record);
    if (waiting.length > 1) return;
    const flushAt = (Math.floor((at - offsetMs) / stepMs) + 1) * stepMs + offsetMs;
    schedule(flushAt, () => {
      const records = waiting;
      waiting = [];
      const id = outgoing.send(tray.source, tray.contentType, flushAt, (n) =>
        tray.write(records, flushAt, n),
      );
      tray.sent?.(id, records);
    });
  };
};
