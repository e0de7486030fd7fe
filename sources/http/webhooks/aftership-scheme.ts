import { createHmac } from 'node:crypto';
import { headerOf, idOfBody, missing, sameBytes, type WebhookScheme } from './webhook-scheme.ts';

const header = 'aftership-hmac-sha256';

/**
 * AfterShip: base64 of the HMAC-SHA256 of the body (www.aftership.com/docs/tracking/webhook/webhook-signature). It signs no
 * time apart from the body; a message that comes again is recognised by its bytes, however late.
 */
export const aftershipScheme = (secret: string): WebhookScheme => ({
  header,
  verify: (request) => {
    const signature = headerOf(request, header);
    if (signature === null) return missing(header);
    if (!/^[A-Za-z0-9+/]{43}=$/.test(signature)) {
      return { why: 'malformed', detail: `${header} is not base64 of 32 bytes` };
    }
    const expected = createHmac('sha256', secret).update(request.body).digest();
    return sameBytes(Buffer.from(signature, 'base64'), expected)
      ? { id: idOfBody(request.body) }
      : { why: 'mismatch', detail: 'the signature is not of this body under our secret' };
  },
});
