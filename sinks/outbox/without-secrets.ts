import type { SendOutcome } from './channel.ts';

/** Shorter ones would blot out words that are none. */
const LEAST_LENGTH = 4;

/** A receiver may say back what it was sent; what it says is written down, and secrets are not. */
export const withoutSecrets = (outcome: SendOutcome, secrets: readonly string[]): SendOutcome =>
  outcome.error === undefined
    ? outcome
    : {
        ...outcome,
        error: secrets
          .filter(({ length }) => length >= LEAST_LENGTH)
          .reduce((error, secret) => error.replaceAll(secret, '***'), outcome.error),
      };

/** A secret as a header carries it: `user` and `secret` → base64 of `user:secret` (RFC 7617). */
export const basicCredentials = (user: string, secret: string): string =>
  Buffer.from(`${user}:${secret}`).toString('base64');
