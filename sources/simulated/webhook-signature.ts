import { hasStandardSignature, standardKey } from '../http/webhooks/standard-signature.ts';

/**
 * Whether a request is signed by the Standard Webhooks specification. The timestamp's age is not judged: the sender may
 * live on simulated time, and a repeated message is recognised by its id.
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
  return hasStandardSignature(signatures, { id, timestamp, body }, standardKey(secret));
};
