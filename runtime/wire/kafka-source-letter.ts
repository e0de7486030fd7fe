import type { DeadLetter } from '../../domain/dead-letter.ts';
import { stableId } from '../../domain/stable-id.ts';
import { deadLetters } from '../../pipelines/topics.ts';
import { appendSurely } from '../../sinks/outbox/append-surely.ts';
import { systemTimers } from '../../sinks/outbox/timers.ts';
import { textOf } from '../../sources/kafka/foreign-document.ts';
import type { SourceLetter } from '../../sources/kafka/source-counts.ts';
import type { LineLog } from '../log/log.ts';
import { codeVersion } from '../package-root.ts';

/** Longer bytes are not kept in a letter: they lie in their topic. */
const LETTER_BYTES = 8 << 20;

/** What a foreign topic brought and could not be taken: resolves when it is a dead letter, whatever the log says at first. */
export const writeSourceLetter = async (
  log: LineLog,
  feed: string,
  topic: string,
  { code, reason, documentId, message }: SourceLetter,
  stopped: AbortSignal,
): Promise<void> => {
  const value = message?.value ?? Buffer.alloc(0);
  const isLong = value.length > LETTER_BYTES;
  const { key } = message ?? {};
  const now = log.closedUntil;
  const letter: DeadLetter = {
    id: stableId('dead-letter', 'kafka', documentId, code),
    at: now,
    heardAt: now,
    stage: code === 'FW402' ? 'validate' : 'decode',
    feed,
    document: documentId,
    position: 0,
    step: 'kafka-source',
    code,
    reason: isLong ? `${reason} (its bytes are not kept here; they lie in Kafka)` : reason,
    bytes: isLong ? '' : value.toString('base64'),
    codeVersion,
    origin: {
      topic: `kafka:${topic}`,
      partition: message?.partition ?? null,
      offset: message?.offset ?? null,
      key: key === null || key === undefined ? null : textOf(key),
      contentType: null,
    },
  };
  await appendSurely(
    log,
    deadLetters.name,
    { key: deadLetters.key(letter), value: Buffer.from(deadLetters.write(letter)) },
    { documentId: letter.id },
    { timers: systemTimers, random: Math.random, stopped },
  );
};
