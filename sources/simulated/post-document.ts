import { Agent, request } from 'node:http';
import type { RecordedDocument } from '../recorded-document.ts';

export interface PostOptions {
  /** Such as `http://127.0.0.1:8080`. */
  readonly ingestUrl: string;
  readonly apiKey?: string;
  /** Ends waiting and sending. */
  readonly signal: AbortSignal;
  readonly agent: Agent;
}

/** `refused`: the ingest will never take it, such as a document that is too large. `stopped`: we gave up first. */
export type Posted = 'taken' | 'refused' | 'stopped';

const firstBackOffMs = 100;
const longestBackOffMs = 5_000;

export const keepAliveAgent = (maxSockets: number): Agent => new Agent({ keepAlive: true, maxSockets });

/**
 * Sends one document until the ingest has answered for it: again after `Retry-After` when the line is full, and
 * after 0.1 s, 0.2 s … 5 s when nobody answers or the server fails. At least once; the ingest knows the document by
 * its id when it comes again.
 */
export const postDocument = async (document: RecordedDocument, options: PostOptions): Promise<Posted> => {
  let backOffMs = firstBackOffMs;
  while (!options.signal.aborted) {
    const answer = await tryOnce(document, options);
    if (answer !== null && answer.status < 300) return 'taken';
    if (answer !== null && !isWorthRetrying(answer.status)) return 'refused';
    const waitMs = answer?.retryAfterMs ?? backOffMs;
    backOffMs = Math.min(backOffMs * 2, longestBackOffMs);
    await pause(waitMs, options.signal);
  }
  return 'stopped';
};

/** Failures of the server or of the door, which someone may mend; all else is the document's own fault. */
const isWorthRetrying = (status: number): boolean =>
  status >= 500 || [401, 403, 404, 408, 429].includes(status);

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | null;
}

const tryOnce = (
  { source, contentType, documentId, text }: RecordedDocument,
  { ingestUrl, apiKey, signal, agent }: PostOptions,
): Promise<Answer | null> =>
  new Promise((resolve) => {
    const body = Buffer.from(text);
    const outgoing = request(
      `${ingestUrl.replace(/\/$/, '')}/v1/ingest/${source}`,
      {
        method: 'POST',
        agent,
        signal,
        headers: {
          'content-type': contentType,
          'content-length': body.length,
          'webhook-id': documentId,
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        },
      },
      (response) => {
        const seconds = Number(response.headers['retry-after'] ?? NaN);
        response.on('error', () => resolve(null));
        response.on('end', () => {
          const retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : null;
          resolve({ status: response.statusCode ?? 500, retryAfterMs });
        });
        response.resume();
      },
    );
    outgoing.on('error', () => resolve(null));
    outgoing.end(body);
  });

const pause = (waitMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, waitMs);
    signal.addEventListener('abort', done);
  });
