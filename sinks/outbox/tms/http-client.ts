import type { IncomingHttpHeaders } from 'node:http';
import type { SendOutcome } from '../channel.ts';
import { httpAddress, httpClient as receiver } from '../http-client.ts';
import { httpOutcome } from '../http-outcome.ts';

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

/** Questions to one address, whose answers are read whole. */
export const httpClient = (options: {
  /** The destination's name, for errors. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxSockets?: number;
}): HttpClient => {
  const base = httpAddress(options.url, `destination "${options.name}"`);
  const prefix = base.href.slice(0, base.href.length - base.search.length).replace(/\/$/, '');
  const client = receiver({
    maxSockets: options.maxSockets ?? 64,
    readsYes: true,
    keptBytes: MAX_ANSWER_BYTES,
  });

  return {
    ask: async ({ method, path, headers, body }, signal) => {
      try {
        const answer = await client.send({
          method,
          url: new URL(`${prefix}${path}`),
          headers: { ...options.headers, ...headers },
          body,
          signal,
        });
        if (answer.kind !== 'answered') return answer;
        return { kind: 'answer', status: answer.status, headers: answer.headers, body: answer.bytes };
      } catch (cause) {
        return { kind: 'unsent', error: cause instanceof Error ? cause.message : String(cause) };
      }
    },
    close: () => client.close(),
  };
};

/** What a reply means that is neither a yes nor anything the caller knows. */
export const failureOf = (reply: Reply, nowMs: number): SendOutcome => {
  if (reply.kind !== 'answer') return httpOutcome(reply, nowMs);
  const { status, headers, body: bytes } = reply;
  const body = bytes?.subarray(0, SHOWN_BYTES).toString('utf8').trim() ?? '';
  const outcome = httpOutcome({ kind: 'answered', status, headers, body, bytes }, nowMs);
  // A yes that the caller cannot use is none.
  return outcome.kind === 'sent'
    ? { kind: 'refused', httpStatus: status, error: `HTTP ${status}${body === '' ? '' : `: ${body}`}` }
    : outcome;
};

/** As `failureOf`, for what only reads: nothing can have happened there, so a lost answer may be asked for again. */
export const readFailureOf = (reply: Reply, nowMs: number): SendOutcome => {
  const failure = failureOf(reply, nowMs);
  return failure.kind === 'unknown' ? { ...failure, kind: 'retry' } : failure;
};
