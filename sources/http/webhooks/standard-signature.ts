import { createHmac } from 'node:crypto';
import { sameBytes } from './webhook-scheme.ts';

export interface StandardMessage {
  readonly id: string;
  /** Seconds since 1970, as its header has them. */
  readonly timestamp: string;
  readonly body: Uint8Array;
}

/** Key bytes behind `whsec_`. */
export const standardKey = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/**
 * Whether one of the `v1,<base64>` values with spaces between is the HMAC-SHA256 of `id.timestamp.body` (Standard Webhooks
 * 1.0.0): one that fits is enough, so that the sender can change its secret. Every one is compared.
 */
export const hasStandardSignature = (
  signatures: string,
  message: StandardMessage,
  key: Uint8Array,
): boolean => {
  const { id, timestamp, body } = message;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  let fits = false;
  for (const signature of signatures.split(' ')) {
    const [version, value = ''] = signature.split(',', 2);
    if (version === 'v1' && sameBytes(Buffer.from(value, 'base64'), expected)) fits = true;
  }
  return fits;
};
