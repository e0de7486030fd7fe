import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import { passError } from '../../threads/passed-error.ts';
import type { Log } from '../log.ts';
import type { PackedLog } from '../packed.ts';
import { ownRuns, packedLogOf } from '../packed-records.ts';
import type { Answer, FromLog, Question, ToLog } from './messages.ts';
import { MoveFinder } from './move-finder.ts';

export interface ServeLogOptions {
  readonly log: (Log | (Log & PackedLog)) & { readonly clock: Clock };
  /** Partitions by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** Whose epochs and frontiers the other side looks at. */
  readonly producers: readonly string[];
}

/**
 * Gives a thread the use of a log that is in this one. Moves of the log are told when those before have been seen, so that a
 * thread that is slow gets fewer and larger ones; answers go at once, and what moved with them. Returns how to stop it.
 */
export const serveLog = (port: MessagePort, { log, topics, producers }: ServeLogOptions): (() => void) => {
  const packed = packedLogOf(log);
  const finder = new MoveFinder(log, topics, producers);
  let answers: Answer[] = [];
  let transfer: ArrayBuffer[] = [];
  let hasMoved = false;
  let awaitsSeen = false;
  let isSending = false;
  let isClosed = false;

  const flush = (): void => {
    isSending = false;
    if (isClosed) return;
    const moves = hasMoved && (!awaitsSeen || answers.length > 0) ? finder.find() : null;
    if (moves !== null) {
      hasMoved = false;
      awaitsSeen = true;
    }
    if (moves === null && answers.length === 0) return;
    const message: FromLog = { moves, answers };
    const buffers = transfer;
    answers = [];
    transfer = [];
    port.postMessage(message, buffers);
  };
  const send = (): void => {
    if (isSending) return;
    isSending = true;
    queueMicrotask(flush);
  };
  const answer = (one: Answer, buffer?: ArrayBuffer): void => {
    answers.push(one);
    if (buffer !== undefined) transfer.push(buffer);
    send();
  };

  const ask = async (question: Question): Promise<void> => {
    const { id } = question;
    switch (question.ask) {
      case 'read': {
        const { topic, partition, fromOffset, maxBytes } = question;
        const runs = ownRuns(await packed.readPacked(topic, partition, fromOffset, maxBytes));
        answer({ id, runs }, runs[0]?.bytes.buffer as ArrayBuffer | undefined);
        return;
      }
      case 'commit':
        answer({ id, committed: await packed.commitPacked(question.commit) });
        return;
      case 'append':
        answer({ id, appended: await log.append(question.topic, question.record, question.options) });
        return;
      case 'follow':
        await log.follow?.(question.reader, question.from);
        answer({ id, followed: true });
        return;
    }
  };
  const onMessage = ({ questions, frontiers, hasSeen }: ToLog): void => {
    for (const [producer, frontier] of frontiers) log.publishFrontier(producer, frontier);
    for (const question of questions)
      ask(question).catch((error: unknown) => answer({ id: question.id, error: passError(error) }));
    if (!hasSeen) return;
    awaitsSeen = false;
    if (hasMoved) send();
  };
  const stopListening = log.onAdvance(() => {
    hasMoved = true;
    send();
  });
  const close = (): void => {
    isClosed = true;
    stopListening();
    port.close();
  };
  port.on('message', onMessage);
  port.on('close', close);
  const welcome = {
    topics,
    ...(log.stampers === undefined ? {} : { stampers: log.stampers }),
    moves: finder.find(),
  };
  port.postMessage({ welcome, moves: null, answers: [] } satisfies FromLog);
  return close;
};
