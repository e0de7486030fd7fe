import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../runtime/clock.ts';
import { ForewarnError } from '../../runtime/forewarn-error.ts';
import type { Channel, SendOutcome } from './channel.ts';
import { cloudEventOf } from './cloud-event.ts';
import { retryAfterMs } from './retry-after.ts';
import { secretBytes, webhookSignature } from './webhook-signature.ts';

export interface WebhookOptions {
  /** The destination's name, for errors. */
  readonly name: string;
  readonly url: string;
  /** `whsec_…`, the newest first; several while a receiver changes over. None: not signed. */
  readonly secrets: readonly string[];
  /** Wall time, for the signature's timestamp, which receivers hold against their own clock. */
  readonly clock: Clock;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxSockets?: number;
}

/** Bytes of an error answer that are kept. */
const KEPT_BYTES = 500;

const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= KEPT_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8');
};

/** Statuses after which the same request may succeed (RFC 9110, RFC 6585, RFC 8470). */
const isTransient = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

const outcomeOf = async (response: IncomingMessage, nowMs: number): Promise<SendOutcome> => {
  const httpStatus = response.statusCode ?? 0;
  if (httpStatus >= 200 && httpStatus < 300) {
    // It was accepted with its first line; what follows is read only to free the connection.
    response.on('error', () => undefined).resume();
    return { kind: 'sent', httpStatus };
  }
  const answer = await textOf(response).catch(() => '');
  const error = `HTTP ${httpStatus}${answer === '' ? '' : `: ${answer}`}`;
  if (!isTransient(httpStatus)) return { kind: 'refused', httpStatus, error };
  const wait = retryAfterMs(response.headers['retry-after'], nowMs);
  return { kind: 'retry', httpStatus, error, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
};

/**
 * Sends actions to an HTTP address as CloudEvents 1.0 (structured JSON) under a Standard Webhooks 1.0.0 signature, with
 * the action's id as `webhook-id` on every attempt. Guarantee: at least once, always with the same id; exactly once
 * where the receiver honours it. Redirects are refused, not followed.
 */
export const webhook = (options: WebhookOptions): Channel => {
  const place = `destination "${options.name}"`;
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new ForewarnError('FW101', `${place}: url "${options.url}" is not an http or https address`);
  const keys = options.secrets.map((secret) => secretBytes(secret, place));
  const agentOptions = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets: options.maxSockets ?? 64 };
  const agent = url.protocol === 'https:' ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;

  const post = (id: string, body: string, signal: AbortSignal): Promise<SendOutcome> =>
    new Promise((resolve) => {
      const timestampSec = Math.floor(options.clock.now() / 1_000);
      const requestOptions: RequestOptions = {
        method: 'POST',
        agent,
        signal,
        headers: {
          ...options.headers,
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'forewarn',
          'webhook-id': id,
          'webhook-timestamp': timestampSec,
          ...(keys.length === 0
            ? {}
            : { 'webhook-signature': webhookSignature(keys, id, timestampSec, body) }),
        },
      };
      // Before a connection stands, nothing can have been received.
      let hadConnection = false;
      const sending = request(url, requestOptions, (response) => {
        outcomeOf(response, options.clock.now()).then(resolve, lost);
      });
      const lost = (cause: unknown): void => {
        const error = signal.aborted
          ? 'no answer in time'
          : cause instanceof Error
            ? cause.message
            : String(cause);
        resolve({ kind: hadConnection ? 'unknown' : 'retry', error });
      };
      sending.on('socket', (socket) => {
        if (!socket.connecting) hadConnection = true;
        else
          socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (hadConnection = true));
      });
      sending.on('error', lost);
      sending.end(body);
    });

  return {
    deduplicates: true,
    send: async (action, { signal }) => {
      try {
        return await post(action.id, cloudEventOf(action), signal);
      } catch (cause) {
        return { kind: 'refused', error: `request cannot be made: ${String(cause)}` };
      }
    },
    close: () => agent.destroy(),
  };
};
