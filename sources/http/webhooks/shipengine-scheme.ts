import { verify } from 'node:crypto';
import type { SenderKeys } from './sender-keys.ts';
import { headerOf, idOfBody, missing, staleness, type WebhookScheme } from './webhook-scheme.ts';

const header = 'x-shipengine-rsa-sha256-signature';
const keyHeader = 'x-shipengine-rsa-sha256-key-id';
const timeHeader = 'x-shipengine-timestamp';

/**
 * ShipEngine (ShipStation API): RSA-SHA256 in base64 over `timestamp.body`, by the key that the key id names among the
 * sender's public ones. A retry has a new timestamp and the same body, so that the body is the message's id.
 */
export const shipengineScheme = (keys: SenderKeys, toleranceSec: number): WebhookScheme => ({
  header,
  verify: async (request) => {
    const signature = headerOf(request, header);
    const keyId = headerOf(request, keyHeader);
    const timestamp = headerOf(request, timeHeader);
    if (signature === null) return missing(header);
    if (keyId === null || timestamp === null) return missing(keyId === null ? keyHeader : timeHeader);
    const sentMs = /^\d{9,11}$/.test(timestamp) ? Number(timestamp) * 1_000 : Date.parse(timestamp);
    if (Number.isNaN(sentMs)) return { why: 'malformed', detail: `${timeHeader} is no time` };
    // Before any key is looked for: nobody can make us ask for keys with what is old.
    const stale = staleness(sentMs, request.nowMs, toleranceSec);
    if (stale !== null) return stale;
    const key = await keys(keyId);
    if (key === null) return { why: 'unknown_key', detail: `the sender has no key "${keyId.slice(0, 80)}"` };
    const signed = Buffer.concat([Buffer.from(`${timestamp}.`), request.body]);
    return verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64'))
      ? { id: idOfBody(request.body) }
      : { why: 'mismatch', detail: 'the signature is not of this timestamp and body by that key' };
  },
});
