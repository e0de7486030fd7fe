import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { hasStandardSignature, standardKey } from './standard-signature.ts';
import { headerOf, missing, staleness, type WebhookScheme } from './webhook-scheme.ts';

const header = 'webhook-signature';

/** Standard Webhooks 1.0.0: the sender signs id, timestamp and body. The id is the message's, whenever it is sent again. */
export const standardScheme = (secret: string, toleranceSec: number, place: string): WebhookScheme => {
  const key = standardKey(secret);
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
      if (!hasStandardSignature(signatures, { id, timestamp, body: request.body }, key)) {
        return { why: 'mismatch', detail: 'no signature is of this id, timestamp and body under our secret' };
      }
      return staleness(Number(timestamp) * 1_000, request.nowMs, toleranceSec) ?? { id };
    },
  };
};
