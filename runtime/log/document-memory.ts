import { decodeRun, type FrameOutline } from './frame.ts';
import type { Appended } from './log.ts';

/** Remembers the last `limit` sender's ids of each topic, with what their first append was answered. */
export class DocumentMemory {
  readonly #limit: number;
  readonly #topics = new Map<string, Map<string, Promise<Appended>>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  find(topic: string, documentId: string): Promise<Appended> | undefined {
    return this.#topics.get(topic)?.get(documentId);
  }

  /** An append that fails is forgotten, so that the sender may try again. */
  remember(topic: string, documentId: string, appended: Promise<Appended>): void {
    let documents = this.#topics.get(topic);
    if (documents === undefined) this.#topics.set(topic, (documents = new Map()));
    documents.set(documentId, appended);
    appended.catch(() => documents.delete(documentId));
    if (documents.size > this.#limit) documents.delete(documents.keys().next().value!);
  }

  /** Learns the ids of a frame that was found on disk. */
  recall(frame: FrameOutline, bytes: Buffer): void {
    if (frame.kind !== 'append') return;
    for (const { topic, partition, start, count, baseOffset } of frame.runs) {
      for (const record of decodeRun(bytes, start, count, baseOffset, frame.producer)) {
        const { documentId } = record.headers as { documentId?: string };
        if (documentId === undefined) continue;
        const { offset, heardAt } = record;
        this.remember(topic, documentId, Promise.resolve({ partition, offset, heardAt, duplicate: false }));
      }
    }
  }
}
