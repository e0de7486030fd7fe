import { createHmac } from 'node:crypto';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { headerOf, missing, sameBytes, staleness, type WebhookScheme } from './webhook-scheme.ts';

const header = 'webhook-signature';

/**
 * Standard Webhooks 1.0.0: `webhook-signature` holds `v1,<base64>` values with spaces between, each the HMAC-SHA256 of
 * `id.timestamp.body` under the bytes behind `whsec_`. One that fits is enough, so that the sender can change its secret.
 */
export const standardScheme = (secret: string, toleranceSec: number, place: string): WebhookScheme => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length < 24 || key.length > 64) {
    throw new ForewarnError(
      'FW101',
      `${place}: the secret of Standard Webhooks must be "whsec_" and base64 of 24 to 64 bytes; copy it from the sender`,
    );
  }
  return {
    header,
    verify: (request) => {
      const signatures = headerOf(request, header);
      const id = headerOf(request, 'webhook-id');
      const timestamp = headerOf(request, 'webhook-timestamp');
      if (signatures === null) return missing(header);
      if (id === null || timestamp === null) return missing(id === null ? 'webhook-id' : 'webhook-timestamp');
      if (!/^\d{1,12}$/.test(timestamp) || !/^[\x21-\x7e]{1,200}$/.test(id)) {
        return {
          why: 'malformed',
          detail: 'webhook-id or webhook-timestamp is not as Standard Webhooks writes it',
        };
      }
      const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(request.body).digest();
      let fits = false;
      for (const signature of signatures.split(' ')) {
        const [version, value = ''] = signature.split(',', 2);
        if (version === 'v1' && sameBytes(Buffer.from(value, 'base64'), expected)) fits = true;
      }
      if (!fits)
        return { why: 'mismatch', detail: 'no signature is of this id, timestamp and body under our secret' };
      return staleness(Number(timestamp) * 1_000, request.nowMs, toleranceSec) ?? { id };
    },
  };
};
