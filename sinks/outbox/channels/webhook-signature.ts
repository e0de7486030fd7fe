import { createHmac } from 'node:crypto';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';

/** Key bytes of a `whsec_…` secret: base64 of 24 to 64 random bytes (Standard Webhooks 1.0.0, symmetric scheme). */
export const secretBytes = (secret: string, place: string): Buffer => {
  const encoded = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  if (!isBase64 || bytes.length < 24 || bytes.length > 64)
    throw new ForewarnError(
      'FW101',
      `${place}: the webhook secret must be "whsec_" and base64 of 24 to 64 bytes; ` +
        'make one with: echo "whsec_$(openssl rand -base64 32)"',
    );
  return bytes;
};

/**
 * Value of `webhook-signature`: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, once for each secret, so
 * that a receiver can change secrets without a gap.
 */
export const webhookSignature = (
  keys: readonly Uint8Array[],
  id: string,
  timestampSec: number,
  body: string,
): string =>
  keys
    .map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestampSec}.${body}`).digest('base64')}`)
    .join(' ');
