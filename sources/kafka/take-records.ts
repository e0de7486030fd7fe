import type { KafkaMessage } from '@confluentinc/kafka-javascript';
import { type ErrorCode, ForewarnError } from '../../runtime/forewarn-error.ts';
import { GrowingWait } from '../../runtime/growing-wait.ts';
import type { Log } from '../../runtime/log/log.ts';
import { appendInOrder, type IdentifiedRecord } from './append-in-order.ts';
import { documentIdOf, foreignDocument } from './foreign-document.ts';
import type { RecordResult, SourceLetter } from './source-counts.ts';
import type { Valued, ValueDecoder } from './value-decoder.ts';

export interface TakeOptions {
  /** Ingest source of the documents. */
  readonly source: string;
  readonly tombstones: 'skip' | 'letter';
  /** Longer documents are dead letters. */
  readonly maxBytes: number;
  readonly decoder: ValueDecoder;
  readonly log: Pick<Log, 'append'>;
  /** Resolves when the letter is durable. */
  readonly letter: (letter: SourceLetter) => Promise<void>;
}

export interface TakeSurroundings {
  readonly signal: AbortSignal;
  /** The line is full, or a registry is away: it is waited for. */
  readonly onHeld: (why: string) => void;
}

export type Taken = Readonly<Record<RecordResult, number>>;

/**
 * Makes documents of records, and resolves when every one of them is durable: as a document, as one that was there
 * before, as a dead letter where it can be none. A tombstone, which has no value, is counted, and is a letter only where
 * that is wanted.
 */
export const takeRecords = async (
  messages: readonly KafkaMessage[],
  /** Of each partition: part of the ids of its documents. */
  incarnationOf: (partition: number) => number,
  options: TakeOptions,
  surroundings: TakeSurroundings,
): Promise<Taken> => {
  const { source, decoder, maxBytes, tombstones, log, letter } = options;
  const valued = messages.filter((message): message is Valued => message.value !== null);
  await prepared(decoder, valued, surroundings);
  const idOf = (message: KafkaMessage): string => documentIdOf(message, incarnationOf(message.partition));
  const letters: SourceLetter[] = [];
  const dead = (message: KafkaMessage, code: ErrorCode, reason: string): void => {
    letters.push({ code, reason, documentId: idOf(message), message });
  };
  const documents: (IdentifiedRecord & { readonly message: KafkaMessage })[] = [];
  for (const message of messages) {
    if (message.value === null) {
      if (tombstones === 'letter') dead(message, 'FW402', 'the record has no value: a tombstone of its key');
      continue;
    }
    const decoded = decoder.decode(message as Valued);
    if ('code' in decoded) dead(message, decoded.code, decoded.reason);
    else if (decoded.bytes.length > maxBytes) dead(message, 'FW702', tooLong(decoded.bytes.length, maxBytes));
    else {
      const documentId = idOf(message);
      const record = foreignDocument(message, documentId, { source, ...decoded });
      documents.push({ documentId, record, message });
    }
  }
  const { signal, onHeld } = surroundings;
  const answers = await appendInOrder(documents, { log, signal, onFull: () => onHeld('the line is full') });
  const taken = { taken: 0, duplicate: 0, tombstone: messages.length - valued.length, letter: 0 };
  for (const [index, answer] of answers.entries()) {
    if (answer === 'new') taken.taken += 1;
    else if (answer === 'duplicate') taken.duplicate += 1;
    else dead(documents[index]!.message, answer.code, answer.message);
  }
  for (const one of letters) await letter(one);
  return { ...taken, letter: letters.length };
};

const tooLong = (bytes: number, most: number): string =>
  `${bytes} bytes, more than ${most}; raise http.maxDocumentBytes`;

/** A registry that is away holds everything: its records are no worse for that. */
const prepared = async (
  decoder: ValueDecoder,
  messages: readonly Valued[],
  { signal, onHeld }: TakeSurroundings,
): Promise<void> => {
  for (const wait = new GrowingWait(200, 10_000); ;) {
    try {
      await decoder.prepare(messages);
      return;
    } catch (error) {
      if (!(error instanceof ForewarnError) || error.code !== 'FW619') throw error;
      onHeld(error.message);
      await wait.pass(signal);
    }
  }
};
