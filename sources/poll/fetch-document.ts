import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { PollMemory } from './poll-memory.ts';

export interface FetchOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Ends the request when the poller stops. */
  readonly signal: AbortSignal;
}

export interface FetchedDocument {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** The server did not give the document; `retryAfterMs` is what it asks us to wait. */
export class PollFailed extends ForewarnError {
  readonly retryAfterMs: number | null;

  constructor(reason: string, retryAfterMs: number | null = null, cause?: unknown) {
    super('FW416', reason, cause === undefined ? {} : { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Asks for a document, only if it has changed since (RFC 9110, If-None-Match and If-Modified-Since). `unchanged` is 304.
 * Redirects are not followed: keys that are sent as headers must not go to another host than the one that is configured.
 */
export const fetchDocument = async (
  { url, headers, maxBytes, timeoutMs, signal }: FetchOptions,
  { etag, lastModified }: PollMemory,
): Promise<FetchedDocument | 'unchanged'> => {
  const sent = new Headers({ accept: '*/*', 'user-agent': 'forewarn' });
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  if (etag !== null) sent.set('if-none-match', etag);
  else if (lastModified !== null) sent.set('if-modified-since', lastModified);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(url, {
      headers: sent,
      redirect: 'manual',
      signal: limit,
    });
    if (response.status === 304) return 'unchanged';
    if (response.status !== 200) {
      await response.body?.cancel();
      throw failureOf(url, response);
    }
    return {
      bytes: await bodyOf(url, response, maxBytes),
      contentType: response.headers.get('content-type') ?? '',
      etag: response.headers.get('etag'),
      lastModified: response.headers.get('last-modified'),
    };
  } catch (cause) {
    if (cause instanceof ForewarnError || signal.aborted) throw cause;
    throw new PollFailed(`${url}: ${whyOf(cause, timeoutMs)}; it is asked again later`, null, cause);
  }
};

const failureOf = (url: string, { status, headers }: Response): PollFailed => {
  const to = headers.get('location');
  if (status >= 300 && status < 400 && to !== null)
    return new PollFailed(`${url}: answers ${status} and names ${to}; configure the address that holds`);
  return new PollFailed(
    `${url}: answers ${status}; check the address and the headers`,
    retryAfterMs(headers),
  );
};

/** `Retry-After` in seconds or as a date of the server's own clock; null where it says neither. */
const retryAfterMs = (headers: Headers): number | null => {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const waits = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(waits) || waits < 0 ? null : waits;
};

const bodyOf = async (url: string, { body }: Response, maxBytes: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    // Leaving the loop cancels what is still to come.
    if (bytes > maxBytes)
      throw new PollFailed(
        `${url}: the document has more than ${maxBytes} bytes; raise http.maxDocumentBytes`,
      );
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const whyOf = (cause: unknown, timeoutMs: number): string => {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`;
  return cause.cause instanceof Error ? cause.cause.message || cause.cause.name : cause.message;
};
