import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';

/** The sender's public key of an id; null where it has none. */
export type SenderKeys = (keyId: string) => KeyObject | null | Promise<KeyObject | null>;

const jwks = z.object({
  keys: z.array(z.looseObject({ kty: z.literal('RSA'), kid: z.string().min(1) })).min(1),
});

/** RSA keys of a JWKS (RFC 7517) by their ids; null where the text is none. */
const readJwks = (text: string): ReadonlyMap<string, KeyObject> | null => {
  try {
    const { keys } = jwks.parse(JSON.parse(text));
    return new Map(
      keys.map((key) => [key.kid, createPublicKey({ key: key as unknown as JsonWebKey, format: 'jwk' })]),
    );
  } catch {
    return null;
  }
};

/** Keys that the configuration holds: a JWKS, or one public key in PEM, which is then the key of every id. */
export const keysFromText = (text: string, place: string): SenderKeys => {
  if (text.trimStart().startsWith('{')) {
    const known = readJwks(text);
    if (known !== null) return (keyId) => known.get(keyId) ?? null;
  } else {
    try {
      const key = createPublicKey(text);
      if (key.asymmetricKeyType === 'rsa') return () => key;
    } catch {
      // Said below, as for every other text.
    }
  }
  throw new ForewarnError(
    'FW101',
    `${place}: is neither a JWKS with RSA keys nor an RSA public key in PEM; copy it from the sender`,
  );
};

/** Not more often than this are keys asked for, whatever ids come in. */
const LEAST_BETWEEN_MS = 60_000;
const MAX_BYTES = 1 << 20;

export interface KeysFromUrl {
  readonly url: string;
  readonly fetch: (
    url: string,
    init: { readonly signal: AbortSignal; readonly redirect: 'error' },
  ) => Promise<Response>;
  readonly now: () => number;
}

/**
 * Keys behind an address, asked for when an id is new: the sender may change them at any time. While the address does not
 * answer, the keys known so far stand; without any it is FW713, and the sender sends again.
 */
export const keysFromUrl = ({ url, fetch, now }: KeysFromUrl): SenderKeys => {
  let known: ReadonlyMap<string, KeyObject> = new Map();
  let asked: { readonly at: number; readonly done: Promise<string | null> } | undefined;

  /** Null when keys were had, else why not. */
  const ask = async (): Promise<string | null> => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'error' });
      if (!response.ok) return `answers HTTP ${response.status}`;
      const text = await response.text();
      const keys = text.length > MAX_BYTES ? null : readJwks(text);
      if (keys === null) return 'answers with what is no JWKS of RSA keys';
      known = keys;
      return null;
    } catch (cause) {
      return `does not answer (${cause instanceof Error ? cause.message : String(cause)})`;
    }
  };

  return async (keyId) => {
    const found = known.get(keyId);
    if (found !== undefined) return found;
    if (asked === undefined || now() - asked.at >= LEAST_BETWEEN_MS) asked = { at: now(), done: ask() };
    const trouble = await asked.done;
    if (trouble !== null && known.size === 0) {
      throw new ForewarnError(
        'FW713',
        `${url} ${trouble}; the sender's keys are not known, send again later`,
      );
    }
    return known.get(keyId) ?? null;
  };
};
