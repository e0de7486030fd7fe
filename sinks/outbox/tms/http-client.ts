import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import type { SendOutcome } from '../channel.ts';
import { retryAfterMs } from '../retry-after.ts';

export interface Question {
  readonly method: string;
  /** Begins with `/`; stands behind the path of the address. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where its end never came, or it is too large. */
  readonly body: Buffer | undefined;
}

/** `unsent`: nothing can have been received. `lost`: it may have been, and no answer came. */
export interface Silence {
  readonly kind: 'unsent' | 'lost';
  readonly error: string;
}

export type Reply = Answer | Silence;

export interface HttpClient {
  /** Never rejects for what the other side does. Redirects are answers, not followed. */
  ask(question: Question, signal: AbortSignal): Promise<Reply>;
  close(): void;
}

/** Bytes of an answer that are read; a shipment is a few kilobytes. */
const MAX_ANSWER_BYTES = 8 << 20;
const SHOWN_BYTES = 300;

const bodyOf = async (response: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
};

/** Requests to one address with kept connections. */
export const httpClient = (options: {
  /** The destination's name, for errors. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxSockets?: number;
}): HttpClient => {
  const base = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (base === undefined || !['http:', 'https:'].includes(base.protocol))
    throw new ForewarnError(
      'FW101',
      `destination "${options.name}": url "${options.url}" is not an http or https address; give one`,
    );
  const isSecure = base.protocol === 'https:';
  const agentOptions = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets: options.maxSockets ?? 64 };
  const agent = isSecure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const request = isSecure ? httpsRequest : httpRequest;
  const prefix = base.href.slice(0, base.href.length - base.search.length).replace(/\/$/, '');

  return {
    ask: ({ method, path, headers, body }, signal) =>
      new Promise((resolve) => {
        let hadConnection = false;
        const lost = (cause: unknown): void => {
          const why = cause instanceof Error ? cause.message : String(cause);
          resolve({
            kind: hadConnection ? 'lost' : 'unsent',
            error: signal.aborted ? 'no answer in time' : why,
          });
        };
        try {
          const sending = request(
            `${prefix}${path}`,
            {
              method,
              agent,
              signal,
              headers: {
                'user-agent': 'forewarn',
                ...options.headers,
                ...headers,
                ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
              },
            },
            (response) => {
              bodyOf(response).then((content) => {
                const { statusCode: status = 0, headers: said } = response;
                resolve({ kind: 'answer', status, headers: said, body: content });
              }, lost);
            },
          );
          sending.on('socket', (socket) => {
            if (socket.connecting)
              socket.once(isSecure ? 'secureConnect' : 'connect', () => (hadConnection = true));
            else hadConnection = true;
          });
          sending.on('error', lost);
          sending.end(body);
        } catch (cause) {
          lost(cause);
        }
      }),
    close: () => agent.destroy(),
  };
};

/** Statuses after which the same request may succeed (RFC 9110, RFC 6585, RFC 8470). */
const isTransient = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

/** What a reply means that is neither a yes nor anything the caller knows. */
export const failureOf = (reply: Reply, nowMs: number): SendOutcome => {
  if (reply.kind !== 'answer')
    return { kind: reply.kind === 'lost' ? 'unknown' : 'retry', error: reply.error };
  const { status: httpStatus, headers, body } = reply;
  const shown = body?.subarray(0, SHOWN_BYTES).toString('utf8').trim() ?? '';
  const error = `HTTP ${httpStatus}${shown === '' ? '' : `: ${shown}`}`;
  if (!isTransient(httpStatus)) return { kind: 'refused', httpStatus, error };
  const wait = retryAfterMs(headers['retry-after'], nowMs);
  return { kind: 'retry', httpStatus, error, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
};

/** As `failureOf`, for what only reads: nothing can have happened there, so a lost answer may be asked for again. */
export const readFailureOf = (reply: Reply, nowMs: number): SendOutcome => {
  const failure = failureOf(reply, nowMs);
  return failure.kind === 'unknown' ? { ...failure, kind: 'retry' } : failure;
};
