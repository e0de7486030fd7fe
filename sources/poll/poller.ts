import { createHash } from 'node:crypto';
import type { Log } from '../../runtime/log/log.ts';
import { backOffMs } from './back-off.ts';
import { fetchDocument, type FetchedDocument, PollFailed } from './fetch-document.ts';
import { type PollMemory, readPollMemory, writePollMemory } from './poll-memory.ts';

export interface PollerOptions {
  /** Ingest source that the documents are of. */
  readonly source: string;
  readonly url: string;
  readonly everyMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** File that remembers what was taken last. */
  readonly memory: string;
  readonly log: Pick<Log, 'append'>;
  /** Content type under which a document is written, from what the server says and what is in it. */
  readonly contentTypeOf: (said: string, bytes: Uint8Array) => string;
  readonly onResult?: (result: PollResult, bytes: number) => void;
  readonly onProblem?: (error: unknown) => void;
  readonly random?: () => number;
  /** Calls once after so long, until its answer is called. */
  readonly later?: (call: () => void, afterMs: number) => () => void;
}

/** `unchanged`: the server says so, or the body is the one that was taken last: a sign of life that says nothing new. */
export type PollResult = 'taken' | 'unchanged' | 'failed';

export interface Poller {
  /** One round; rounds never overlap. */
  poll(): Promise<PollResult>;
  start(): void;
  /** Resolves when the round that runs is over; a request that is under way is broken off. */
  stop(): Promise<void>;
}

const setLater = (call: () => void, afterMs: number): (() => void) => {
  const timer = setTimeout(call, afterMs);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Asks for one document again and again, and writes it to the topic `raw` whenever its content has changed. Guarantee:
 * exactly once for each content that was seen: its id is its digest with the count of those before it, both remembered
 * on the disk after the append, so a crash between the two appends the same id again, which the log recognises, and
 * a document that goes back to what it was before is taken anew. What the document was between two rounds is not seen.
 */
export const createPoller = (options: PollerOptions): Poller => {
  const { source, log, everyMs, memory: path, random = Math.random, later = setLater } = options;
  let known: PollMemory | undefined;
  let failures = 0;
  let retryAfterMs: number | null = null;
  let running: Promise<PollResult> | undefined;
  let cancelNext: (() => void) | undefined;
  let isStarted = false;
  let abort = new AbortController();

  const take = async (document: FetchedDocument, before: PollMemory): Promise<PollResult> => {
    const { bytes, etag, lastModified } = document;
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
    const isNew = bytes.length > 0 && digest !== before.digest;
    if (isNew) {
      const documentId = `poll:${source}:${before.taken}:${digest}`;
      const contentType = options.contentTypeOf(document.contentType, bytes);
      await log.append(
        'raw',
        { key: source, value: bytes, headers: { contentType, source, documentId, via: 'poll' } },
        { documentId },
      );
    }
    known = {
      etag,
      lastModified,
      digest: isNew ? digest : before.digest,
      taken: before.taken + Number(isNew),
    };
    await writePollMemory(path, known);
    options.onResult?.(isNew ? 'taken' : 'unchanged', bytes.length);
    return isNew ? 'taken' : 'unchanged';
  };

  const round = async (): Promise<PollResult> => {
    known ??= await readPollMemory(path);
    try {
      const fetched = await fetchDocument({ ...options, signal: abort.signal }, known);
      failures = 0;
      retryAfterMs = null;
      if (fetched !== 'unchanged') return await take(fetched, known);
      options.onResult?.('unchanged', 0);
      return 'unchanged';
    } catch (error) {
      failures += 1;
      retryAfterMs = error instanceof PollFailed ? error.retryAfterMs : null;
      // What the log did not take must not be asked for as known.
      if (!(error instanceof PollFailed)) known = { ...known, etag: null, lastModified: null };
      if (abort.signal.aborted) return 'failed';
      options.onResult?.('failed', 0);
      options.onProblem?.(error);
      return 'failed';
    }
  };

  const poll = (): Promise<PollResult> => {
    running ??= round().finally(() => {
      running = undefined;
    });
    return running;
  };
  const goOn = (): void => {
    cancelNext = undefined;
    void poll().then(() => {
      if (!isStarted) return;
      const waitMs = failures === 0 ? everyMs : backOffMs(failures, everyMs, retryAfterMs, random);
      cancelNext = later(goOn, waitMs);
    });
  };

  return {
    poll,
    start: () => {
      if (isStarted) return;
      isStarted = true;
      abort = new AbortController();
      goOn();
    },
    stop: async () => {
      isStarted = false;
      cancelNext?.();
      cancelNext = undefined;
      abort.abort();
      await running;
    },
  };
};
