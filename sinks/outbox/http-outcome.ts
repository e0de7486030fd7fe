import type { SendOutcome } from './channel.ts';
import type { HttpAnswer } from './http-client.ts';
import { retryAfterMs } from './retry-after.ts';

/** Statuses after which the same request may succeed (RFC 9110, RFC 6585, RFC 8470). */
export const isTransient = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * What an HTTP answer says of an attempt: 2xx → sent, 408, 425, 429 and 5xx → retry, after the time that it asks for; any
 * other → refused; lost → unknown; no connection → retry.
 */
export const httpOutcome = (answer: HttpAnswer, nowMs: number): SendOutcome => {
  if (answer.kind !== 'answered')
    return { kind: answer.kind === 'lost' ? 'unknown' : 'retry', error: answer.error };
  const { status: httpStatus, body } = answer;
  if (httpStatus >= 200 && httpStatus < 300) return { kind: 'sent', httpStatus };
  const error = `HTTP ${httpStatus}${body === '' ? '' : `: ${body}`}`;
  if (!isTransient(httpStatus)) return { kind: 'refused', httpStatus, error };
  const wait = retryAfterMs(answer.headers['retry-after'], nowMs);
  return { kind: 'retry', httpStatus, error, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
};
