import { createHmac } from 'node:crypto';
import { headerOf, idOfBody, missing, sameBytes, type WebhookScheme } from './webhook-scheme.ts';

const header = 'x-hmac-signature';

/**
 * EasyPost: HMAC-SHA256 of the body in hex behind `hmac-sha256-hex=`, under the secret in Unicode's NFKD form: `sécret` is
 * `s`, `e`, an accent, `cret`. It signs no time; a message that comes again is recognised by its bytes, however late.
 */
export const easypostScheme = (secret: string): WebhookScheme => ({
  header,
  verify: (request) => {
    const signature = headerOf(request, header);
    if (signature === null) return missing(header);
    const hex = /^hmac-sha256-hex=([0-9a-f]{64})$/i.exec(signature)?.[1];
    if (hex === undefined) {
      return { why: 'malformed', detail: `${header} is not "hmac-sha256-hex=" and 64 hex digits` };
    }
    const expected = createHmac('sha256', secret.normalize('NFKD')).update(request.body).digest();
    return sameBytes(Buffer.from(hex, 'hex'), expected)
      ? { id: idOfBody(request.body) }
      : { why: 'mismatch', detail: 'the signature is not of this body under our secret' };
  },
});
