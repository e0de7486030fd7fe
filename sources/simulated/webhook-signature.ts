import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Checks a request by the Standard Webhooks specification: `webhook-signature` holds space-separated
 * `v1,<base64>` values, each the HMAC-SHA256 of `id.timestamp.body` under the secret behind `whsec_`; one that
 * fits is enough, so that secrets can be changed. The timestamp's age is not judged: the sender may live on
 * simulated time, and a repeated message is recognised by its id.
 */
export const isSigned = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
  secret: string,
): boolean => {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
  if (!/^\d+$/.test(timestamp)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(' ').some((signature) => {
    const [version, value = ''] = signature.split(',', 2);
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
};
